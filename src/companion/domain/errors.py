"""Errors that a person reads: one line that says what to do next."""


class CompanionError(Exception):
    """Something went wrong that the user can understand and act on.

    ``str(error)`` is one line without a traceback, in the user's language.
    """


class SettingsError(CompanionError):
    """A settings file or an environment variable cannot be used."""


class PromptError(CompanionError):
    """A prompt or persona file is missing or broken; names the file and line."""


class StoreError(CompanionError):
    """The database cannot be opened, read or written."""


class DamagedError(StoreError):
    """A database is there but is not whole; a backup may take its place."""


class LockedError(StoreError):
    """A database is locked, and no passphrase that is known opens it."""


class KeyringError(CompanionError):
    """The keyring of the system is not there, or does not give what it keeps."""


class ModelError(CompanionError):
    """An embedded model is unknown, cannot be fetched, or does not load."""


class ModelMissingError(ModelError):
    """The embedded model is known but is not on this machine yet."""


class BackendError(CompanionError):
    """A language model cannot be reached or gave no usable reply."""


class ImportFormatError(CompanionError):
    """A file to import is not in the form that it should have; names the line."""


class SessionError(CompanionError):
    """A session file cannot be read, or a replay cannot go on; says which and why."""
