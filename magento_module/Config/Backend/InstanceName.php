<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config\Backend;

use Magento\Framework\App\Config\Value;
use Magento\Framework\Exception\LocalizedException;
use Sidecar\Stripe\Config\GeneralConfig;

/**
 * Lets no name through that the sidecar would refuse with every order.
 */
class InstanceName extends Value
{
    /**
     * @return $this
     * @throws LocalizedException the name is not one
     */
    public function beforeSave()
    {
        $name = trim((string) $this->getValue());
        if ($name !== '' && preg_match(GeneralConfig::INSTANCE_PATTERN, $name) !== 1) {
            throw new LocalizedException(__(
                'The instance name has to begin with a small letter or a digit and may have small letters, digits, '
                . '- and _, 32 characters at most.'
            ));
        }
        $this->setValue($name);
        return parent::beforeSave();
    }
}
