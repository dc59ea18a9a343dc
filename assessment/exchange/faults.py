"""Why a file or a port cannot be had, in our own words where the system's are English."""

import errno

from django.utils.translation import gettext_lazy as _

WORDS = {
    errno.ENOENT: _("there is no such file or folder"),
    errno.EACCES: _("there is no permission"),
    errno.EPERM: _("there is no permission"),
    errno.EISDIR: _("it is a folder"),
    errno.ENOTDIR: _("a part of its path is no folder"),
    errno.ENAMETOOLONG: _("its name is too long"),
    errno.ENOSPC: _("the disk is full"),
    errno.EDQUOT: _("the disk is full"),
    errno.EROFS: _("the disk can only be read"),
    errno.EADDRINUSE: _("it is in use"),
}


def reason(error: OSError | ValueError) -> str:
    """As the system says it for what is rare; a ValueError is Python's, of a path that no system could have."""
    if isinstance(error, OSError):
        return str(WORDS.get(error.errno or 0) or error.strerror or error)
    return str(_("no file can have such a name"))
