<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Magento\Framework\Phrase;
use Magento\Framework\Webapi\Exception as WebapiException;
use Magento\Framework\Webapi\ServiceInputProcessor;
use Sidecar\Stripe\Api\OrderWriteBackInterface;
use Sidecar\Stripe\Api\RefundWriteBackInterface;

/**
 * A field that a body of ours does not have is refused with 400. Magento takes it for a fault of its own, answers 500
 * and says nothing, and a sidecar that is newer than the module would ask again and again.
 */
class RefuseUnknownFields
{
    private const SERVICES = [OrderWriteBackInterface::class, RefundWriteBackInterface::class];

    /**
     * @param string $serviceClassName
     * @param string $serviceMethodName
     * @param array<string, mixed> $inputArray
     * @return list<mixed>
     * @throws WebapiException a field is not known
     */
    public function aroundProcess(
        ServiceInputProcessor $subject,
        callable $proceed,
        $serviceClassName,
        $serviceMethodName,
        array $inputArray
    ) {
        try {
            return $proceed($serviceClassName, $serviceMethodName, $inputArray);
        } catch (\LogicException $problem) {
            if (!in_array(ltrim((string) $serviceClassName, '\\'), self::SERVICES, true)) {
                throw $problem;
            }
            // It names the field and the interface, and repeats no value.
            throw new WebapiException(new Phrase($problem->getMessage()));
        }
    }
}
