<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

/**
 * What a check has found.
 */
final class Finding
{
    public const WELL = 'ok';
    public const NOTE = 'note';
    public const WRONG = 'wrong';

    private function __construct(
        public readonly string $level,
        public readonly string $text
    ) {
    }

    public static function well(string $text): self
    {
        return new self(self::WELL, $text);
    }

    /** It works, and somebody may want to know. */
    public static function note(string $text): self
    {
        return new self(self::NOTE, $text);
    }

    /**
     * It does not work.
     *
     * @param string $advice what to do
     */
    public static function wrong(string $text, string $advice): self
    {
        return new self(self::WRONG, "$text: $advice");
    }
}
