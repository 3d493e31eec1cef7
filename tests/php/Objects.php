<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests;

use ReflectionClass;
use ReflectionNamedType;
use SimpleXMLElement;

/**
 * Builds objects as Magento's object manager does: one of each class, by the types of its constructor, with the
 * preferences of etc/di.xml. What is given takes the place of what would be built.
 */
final class Objects
{
    /** @var array<string, object> */
    private array $objects = [];

    /** @var array<string, string> */
    private array $preferences = [];

    /**
     * @param array<class-string, object> $given by the type under which they are asked for
     */
    public function __construct(array $given)
    {
        $this->objects = $given;
        $di = new SimpleXMLElement(file_get_contents(dirname(__DIR__, 2) . '/magento_module/etc/di.xml'));
        foreach ($di->preference as $preference) {
            $this->preferences[(string) $preference['for']] = (string) $preference['type'];
        }
    }

    /**
     * @template T of object
     * @param class-string<T> $type
     * @return T
     */
    public function get(string $type): object
    {
        return $this->objects[$type] ??= $this->build($this->preferences[$type] ?? $type);
    }

    private function build(string $type): object
    {
        if (isset($this->objects[$type])) {
            return $this->objects[$type];
        }
        $class = new ReflectionClass($type);
        if (!$class->isInstantiable()) {
            throw new \LogicException("nobody gives $type");
        }
        $arguments = [];
        foreach ($class->getConstructor()?->getParameters() ?? [] as $parameter) {
            $needed = $parameter->getType();
            if (!$needed instanceof ReflectionNamedType || $needed->isBuiltin()) {
                if ($parameter->isDefaultValueAvailable()) {
                    break;
                }
                throw new \LogicException("$type needs \${$parameter->getName()}, which is no object");
            }
            $arguments[] = $this->get($needed->getName());
        }
        return $this->objects[$type] = $class->newInstanceArgs($arguments);
    }
}
