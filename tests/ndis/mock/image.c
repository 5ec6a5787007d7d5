/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's file. A loader of programs runs nothing of a native image, and moves no image that
 * is not a library: the kernel's does, so it is done here, by the image's own relocations.
 */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include "mock.h"

unsigned char *mock_image(const char *path, uintptr_t *start);

static const IMAGE_NT_HEADERS *headers_of(const unsigned char *image)
{
    return (const void *)(image + ((const IMAGE_DOS_HEADER *)(const void *)image)->e_lfanew);
}

/* Where it was linked for, the file says: what is loaded may have been changed. */
static uintptr_t preferred(const char *path)
{
    unsigned char page[4096] = {0};
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    const size_t bytes = fread(page, 1, sizeof page, file);
    fclose(file);
    return bytes ? (uintptr_t)headers_of(page)->OptionalHeader.ImageBase : 0;
}

static void move_block(unsigned char *image, const IMAGE_BASE_RELOCATION *block, uintptr_t by)
{
    const uint16_t *entries = (const uint16_t *)(block + 1);
    for (size_t i = 0; i < (block->SizeOfBlock - sizeof *block) / sizeof *entries; i++) {
        unsigned char *at = image + block->VirtualAddress + (entries[i] & 0xfff);
        uintptr_t value;
        if (entries[i] >> 12 == IMAGE_REL_BASED_ABSOLUTE)
            continue;
        if (entries[i] >> 12 != IMAGE_REL_BASED_DIR64)
            mock_broken("image", "a relocation of type %d", entries[i] >> 12);
        memcpy(&value, at, sizeof value);
        value += by;
        memcpy(at, &value, sizeof value);
    }
}

static void move(unsigned char *image, uintptr_t by)
{
    const IMAGE_OPTIONAL_HEADER *optional = &headers_of(image)->OptionalHeader;
    const IMAGE_DATA_DIRECTORY *where = &optional->DataDirectory[IMAGE_DIRECTORY_ENTRY_BASERELOC];
    DWORD before;
    if (!where->Size)
        mock_broken("image", "it has no relocations");
    for (DWORD done = 0; done < where->Size;) {
        const IMAGE_BASE_RELOCATION *block = (const void *)(image + where->VirtualAddress + done);
        unsigned char *page = image + block->VirtualAddress;
        VirtualProtect(page, 4096, PAGE_READWRITE, &before);
        move_block(image, block, by);
        VirtualProtect(page, 4096, before, &before);
        done += block->SizeOfBlock;
    }
}

unsigned char *mock_image(const char *path, uintptr_t *start)
{
    unsigned char *image = (unsigned char *)LoadLibraryExA(path, NULL, 0);
    if (!image) {
        printf("cannot load %s: error %lu\n", path, GetLastError());
        return NULL;
    }
    if ((uintptr_t)image == preferred(path))
        mock_broken("image", "it is where it was linked for, so nothing shows that it can move");
    move(image, (uintptr_t)image - preferred(path));
    *start = (uintptr_t)image + headers_of(image)->OptionalHeader.AddressOfEntryPoint;
    return image;
}
