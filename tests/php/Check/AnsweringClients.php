<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Check;

use Magento\Framework\HTTP\ClientFactory;
use Magento\Framework\HTTP\ClientInterface;
use RuntimeException;

/**
 * Makes HTTP clients that get one answer, a status or an error.
 */
final class AnsweringClients extends ClientFactory
{
    public function __construct(private readonly int|string $answer)
    {
    }

    public function create(array $data = [])
    {
        return new class ($this->answer) implements ClientInterface {
            public function __construct(private readonly int|string $answer)
            {
            }

            public function setTimeout($value)
            {
            }

            public function get($uri)
            {
                if (is_string($this->answer)) {
                    throw new RuntimeException($this->answer);
                }
            }

            public function getStatus()
            {
                return $this->answer;
            }
        };
    }
}
