"""What must be there before any service starts: the tables in PostgreSQL, a role that reads them if one is wanted, the topics in Kafka."""

from deploy.migrations import migrate
from deploy.reader import make_reader
from services.common.settings import CommonSettings
from services.common.topics import create_topics, topics

__all__ = ["prepare"]


async def prepare(settings: CommonSettings) -> None:
    """Bring both up to date; does nothing where they are.

    Raises:
        TopicError: the topics cannot be as the settings want them.
    """
    await migrate(settings.database_url)
    if settings.reader_password:
        await make_reader(settings.database_url, settings.reader_password)
    await create_topics(settings.kafka_bootstrap, topics(settings.partitions))
