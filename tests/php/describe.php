<?php

/**
 * Prints, as JSON, the public and protected methods and the constants of the classes that are named on standard input,
 * one a line. The argument is the file that loads them: the tests' bootstrap, or a real Magento's vendor/autoload.php.
 */

declare(strict_types=1);

require $argv[1];
error_reporting(E_ALL & ~E_DEPRECATED);

$described = [];
foreach (file('php://stdin', FILE_IGNORE_NEW_LINES) as $name) {
    if (!class_exists($name) && !interface_exists($name)) {
        $described[$name] = null;
        continue;
    }
    $class = new ReflectionClass($name);
    $methods = [];
    foreach ($class->getMethods(ReflectionMethod::IS_PUBLIC | ReflectionMethod::IS_PROTECTED) as $method) {
        $parameters = [];
        foreach ($method->getParameters() as $parameter) {
            $parameters[] = trim(sprintf(
                '%s %s$%s%s',
                $parameter->getType(),
                $parameter->isVariadic() ? '...' : '',
                $parameter->getName(),
                $parameter->isDefaultValueAvailable() ? ' = ' . json_encode($parameter->getDefaultValue()) : ''
            ));
        }
        $methods[$method->getName()] = [
            'static' => $method->isStatic(),
            'final' => $method->isFinal(),
            'parameters' => $parameters,
            'returns' => (string) $method->getReturnType(),
        ];
    }
    $described[$name] = [
        'interface' => $class->isInterface(),
        'final' => $class->isFinal(),
        'parents' => array_values(class_parents($name) + class_implements($name)),
        'methods' => (object) $methods,
        'constants' => (object) $class->getConstants(),
    ];
}
echo json_encode($described, JSON_THROW_ON_ERROR | JSON_PARTIAL_OUTPUT_ON_ERROR);
