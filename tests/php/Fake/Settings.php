<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\App\Config\ScopeConfigInterface;

/**
 * Settings by their paths: those of the module's etc/config.xml, and what a test sets. Every scope has the same.
 */
final class Settings implements ScopeConfigInterface
{
    /** @var array<string, string> */
    private array $values = [];

    /**
     * @param array<string, string> $values by path
     */
    public function __construct(array $values = [])
    {
        $config = new \SimpleXMLElement(file_get_contents(dirname(__DIR__, 3) . '/magento_module/etc/config.xml'));
        foreach ($config->default->children() as $section) {
            foreach ($section->children() as $group) {
                foreach ($group->children() as $field) {
                    $this->values["{$section->getName()}/{$group->getName()}/{$field->getName()}"] = (string) $field;
                }
            }
        }
        $this->values = $values + ['sidecar_stripe/general/instance' => 'main'] + $this->values;
    }

    public function set(string $path, string $value): void
    {
        $this->values[$path] = $value;
    }

    public function getValue($path, $scopeType = ScopeConfigInterface::SCOPE_TYPE_DEFAULT, $scopeCode = null)
    {
        return $this->values[$path] ?? null;
    }

    public function isSetFlag($path, $scopeType = ScopeConfigInterface::SCOPE_TYPE_DEFAULT, $scopeCode = null)
    {
        return !in_array($this->getValue($path), [null, '', '0', 'false'], true);
    }
}
