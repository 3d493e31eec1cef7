<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config\Backend;

use Magento\Framework\App\Config\Value;
use Magento\Framework\Exception\LocalizedException;

/**
 * An address that is asked by Magento or shown to a person as a link: http or https, nothing that runs.
 */
class HttpAddress extends Value
{
    /**
     * @return $this
     * @throws LocalizedException it is not such an address, or carries a password
     */
    public function beforeSave()
    {
        $address = trim((string) $this->getValue());
        $parts = $address === '' ? [] : (parse_url($address) ?: []);
        if ($address !== '') {
            $scheme = $parts['scheme'] ?? '';
            if (!in_array($scheme, ['http', 'https'], true) || empty($parts['host'])) {
                throw new LocalizedException(__('The address has to begin with http:// or https://.'));
            }
            if (isset($parts['user']) || isset($parts['pass'])) {
                throw new LocalizedException(__('The address must not carry a user or a password.'));
            }
        }
        $this->setValue($address);
        return parent::beforeSave();
    }
}
