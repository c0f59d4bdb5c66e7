"""What the fixtures promise to every other integration test."""

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from motor.motor_asyncio import AsyncIOMotorClient


async def test_a_transaction_is_read_back_after_its_commit_only(kafka_bootstrap: str, unique: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(unique, num_partitions=1, replication_factor=1)])
    await admin.close()

    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap, transactional_id=unique) as producer:
        await producer.begin_transaction()
        await producer.send_and_wait(unique, b"dropped")
        await producer.abort_transaction()
        async with producer.transaction():
            await producer.send_and_wait(unique, b"kept")

    async with AIOKafkaConsumer(
        unique,
        bootstrap_servers=kafka_bootstrap,
        auto_offset_reset="earliest",
        isolation_level="read_committed",
    ) as consumer:
        assert (await consumer.getone()).value == b"kept"


async def test_the_database_has_transactions(mongodb_uri: str, unique: str) -> None:
    client: AsyncIOMotorClient[dict[str, object]] = AsyncIOMotorClient(mongodb_uri)
    try:
        documents = client[unique]["documents"]
        await documents.insert_one({"_id": "kept"})
        async with await client.start_session() as session:
            session.start_transaction()
            await documents.insert_one({"_id": "dropped"}, session=session)
            await session.abort_transaction()
        assert [document["_id"] async for document in documents.find()] == ["kept"]
    finally:
        await client.drop_database(unique)
        client.close()


async def test_every_test_has_a_name_of_its_own(unique: str, unique_names: object) -> None:
    assert callable(unique_names)
    assert unique != unique_names() != unique_names()
