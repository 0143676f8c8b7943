"""Every error that callers are meant to catch; each message is a sentence a user can act on.

ArticleBotError
├── ConfigError     config.yaml: the key, its value and what was expected
├── ArticleError    a file cannot be read as an article
├── ModelError      weights are missing, damaged or of another model
├── StoreError      the store cannot be opened, read or written
├── ChannelError    a messenger cannot be reached or refuses, or an address cannot be listened on
├── GoldenError     a file of golden questions, or a saved run of them: the file and line
└── QuestionError   a question that cannot be asked: empty, too long
"""


class ArticleBotError(Exception):
    """Base of all errors of this package."""


class ConfigError(ArticleBotError):
    """The configuration is wrong; names the file and key."""


class ArticleError(ArticleBotError):
    """A source cannot be read as an article; names it."""


class ModelError(ArticleBotError):
    """A model is missing or its weights are not what they should be; names the path."""


class StoreError(ArticleBotError):
    """The store cannot be opened, read or written; names the file."""


class ChannelError(ArticleBotError):
    """A messenger cannot be reached or refuses us, or an address cannot be listened on; names it."""


class GoldenError(ArticleBotError):
    """Golden questions or a saved run cannot be used; names the file and line."""


class QuestionError(ArticleBotError):
    """A question cannot be asked as it stands."""
