<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Plugin;

use Magento\Framework\Webapi\Exception as WebapiException;
use Magento\Framework\Webapi\ServiceInputProcessor;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Api\OrderWriteBackInterface;
use Sidecar\Stripe\Plugin\RefuseUnknownFields;

final class RefuseUnknownFieldsTest extends TestCase
{
    private const PROBLEM = 'Property "Colour" does not have accessor method "getColour" in class "…".';

    public function testAFieldThatIsNotKnownIsTheCallersFault(): void
    {
        try {
            $this->process('\\' . OrderWriteBackInterface::class, new \LogicException(self::PROBLEM));
            self::fail('it was taken');
        } catch (WebapiException $problem) {
            self::assertSame([400, self::PROBLEM], [$problem->getHttpCode(), $problem->getRawMessage()]);
        }
    }

    public function testOtherResourcesFailAsTheyDid(): void
    {
        $this->expectException(\LogicException::class);
        $this->process('Magento\Sales\Api\OrderRepositoryInterface', new \LogicException(self::PROBLEM));
    }

    public function testOtherProblemsStayWhatTheyAre(): void
    {
        $this->expectException(\DomainException::class);
        $this->process('Magento\Sales\Api\OrderRepositoryInterface', new \DomainException('another'));
    }

    public function testABodyThatIsKnownPasses(): void
    {
        self::assertSame(['capture', ['payment' => []]], $this->process(OrderWriteBackInterface::class, null));
    }

    /**
     * @return list<mixed>
     */
    private function process(string $service, ?\Throwable $problem): array
    {
        return (new RefuseUnknownFields())->aroundProcess(
            new class extends ServiceInputProcessor {
                public function __construct()
                {
                }
            },
            static fn (string $class, string $method, array $input): array => $problem === null
                ? [$method, $input]
                : throw $problem,
            $service,
            'capture',
            ['payment' => []]
        );
    }
}
