#include "project/path.h"

static uint32_t last_slash(Str path)
{
    for (uint32_t i = path.length; i > 0; i--) {
        if (path.data[i - 1] == '/')
            return i - 1;
    }
    return UINT32_MAX;
}

Str path_folder(Str path)
{
    uint32_t slash = last_slash(path);
    if (slash == UINT32_MAX)
        return STR("");
    return str_slice(path, 0, slash == 0 ? 1 : slash);
}

Str path_name(Str path)
{
    uint32_t slash = last_slash(path);
    return slash == UINT32_MAX ? path : str_slice(path, slash + 1, path.length);
}

Str path_join(Arena *out, Str folder, Str name)
{
    if (str_is_empty(folder) || str_starts_with(name, STR("/")))
        return name;
    if (str_is_empty(name))
        return folder;
    const char *between = str_ends_with(folder, STR("/")) ? "" : "/";
    return str_format(out, STR_FMT "%s" STR_FMT, STR_ARG(folder), between, STR_ARG(name));
}

bool path_next_part(Str *rest, Str *part)
{
    while (str_starts_with(*rest, STR("/")))
        *rest = str_slice(*rest, 1, rest->length);
    if (str_is_empty(*rest))
        return false;
    uint32_t slash = str_find(*rest, STR("/"), 0);
    uint32_t end = slash == UINT32_MAX ? rest->length : slash;
    *part = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->length);
    return true;
}

Str path_normal(Arena *out, Str path)
{
    char *bytes = arena_alloc(out, (size_t)path.length + 2);
    uint32_t n = 0;
    bool is_absolute = str_starts_with(path, STR("/"));
    if (is_absolute)
        bytes[n++] = '/';
    Str rest = path, part;
    while (path_next_part(&rest, &part)) {
        if (str_equal(part, STR(".")))
            continue;
        Str so_far = str_of(bytes, n);
        if (str_equal(part, STR("..")) && n > (is_absolute ? 1u : 0u) &&
            !str_equal(path_name(so_far), STR(".."))) {
            uint32_t slash = last_slash(so_far);
            n = slash == UINT32_MAX ? 0 : slash == 0 && is_absolute ? 1 : slash;
            continue;
        }
        if (str_equal(part, STR("..")) && is_absolute)
            continue;
        if (n > 0 && bytes[n - 1] != '/')
            bytes[n++] = '/';
        memcpy(bytes + n, part.data, part.length);
        n += part.length;
    }
    return str_of(bytes, n);
}

bool path_is_below(Str folder, Str path, Str *rest)
{
    if (str_equal(folder, STR("/")) && str_starts_with(path, folder)) {
        *rest = str_slice(path, 1, path.length);
        return true;
    }
    if (str_is_empty(folder)) {
        *rest = path;
        return true;
    }
    if (!str_starts_with(path, folder))
        return false;
    if (path.length == folder.length) {
        *rest = STR("");
        return true;
    }
    if (path.data[folder.length] != '/')
        return false;
    *rest = str_slice(path, folder.length + 1, path.length);
    return true;
}
