"""Finds or starts the RabbitMQ and the MariaDB that the demo and the tests need."""
