"""RabbitMQ over AMQP 0-9-1, by aio-pika."""
