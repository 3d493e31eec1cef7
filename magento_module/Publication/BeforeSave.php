<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

use WeakMap;

/**
 * What a model was before the save that is going on.
 *
 * Magento's models keep such a picture themselves (`getOrigData`), of the moment at which they were loaded: it is old
 * when a model is saved twice, and missing for one that was not loaded.
 */
final class BeforeSave
{
    /** @var WeakMap<object, array<string, mixed>> */
    private WeakMap $pictures;

    public function __construct()
    {
        $this->pictures = new WeakMap();
    }

    /**
     * @param array<string, mixed> $picture
     */
    public function keep(object $model, array $picture): void
    {
        $this->pictures[$model] = $picture;
    }

    /**
     * The picture, or null outside of a save.
     *
     * @return array<string, mixed>|null
     */
    public function see(object $model): ?array
    {
        return $this->pictures[$model] ?? null;
    }

    /**
     * The picture, for the last time; null if nothing was saved.
     *
     * @return array<string, mixed>|null
     */
    public function take(object $model): ?array
    {
        $picture = $this->pictures[$model] ?? null;
        unset($this->pictures[$model]);
        return $picture;
    }
}
