<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests;

use PHPUnit\Framework\TestCase;
use RecursiveDirectoryIterator;
use RecursiveIteratorIterator;
use SplFileInfo;

/**
 * Whatever the module says to people can be said in their language: Magento looks sentences up as they are written.
 */
final class TranslationsTest extends TestCase
{
    private const MODULE = __DIR__ . '/../../magento_module/';

    /** Why a payment failed is the sidecar's to say, in these words; the shop says them in the shopper's language. */
    private const DECLINES = __DIR__ . '/../../consumers/order_payment/declines.py';

    /**
     * @dataProvider languages
     */
    public function testHasEveryWordOfTheModuleATranslation(string $language): void
    {
        $translated = self::dictionary($language);
        $missing = array_filter(
            self::said(),
            static fn (string $sentence): bool => !isset($translated[$sentence]),
            ARRAY_FILTER_USE_KEY
        );

        self::assertGreaterThan(100, count(self::said()), 'the search finds what there is');
        self::assertSame([], $missing);
    }

    /**
     * @dataProvider languages
     */
    public function testDoesATranslationHaveTheSamePlacesToFillIn(string $language): void
    {
        foreach (self::dictionary($language) as $sentence => $translation) {
            self::assertSame(self::places((string) $sentence), self::places($translation), (string) $sentence);
        }
    }

    /**
     * @dataProvider languages
     */
    public function testIsNoSentenceTranslatedThatNobodySays(string $language): void
    {
        self::assertSame([], array_keys(array_diff_key(self::dictionary($language), self::said())));
    }

    /**
     * @return iterable<array{string}>
     */
    public static function languages(): iterable
    {
        yield ['en_US'];
        yield ['de_DE'];
    }

    /**
     * @return array<string, string> sentences and their translations
     */
    private static function dictionary(string $language): array
    {
        $dictionary = [];
        $file = fopen(self::MODULE . "i18n/$language.csv", 'r');
        while ($line = fgetcsv($file, null, ',', '"', '"')) {
            self::assertCount(2, $line, implode(',', $line));
            self::assertArrayNotHasKey($line[0], $dictionary, 'said twice');
            $dictionary[$line[0]] = $line[1];
        }
        return $dictionary;
    }

    /**
     * @return list<string> `%1`, `%name` and tags
     */
    private static function places(string $sentence): array
    {
        preg_match_all('/%[a-z_0-9]+|<[^>]+>|\{[a-z_]+\}/', $sentence, $found);
        sort($found[0]);
        return $found[0];
    }

    /**
     * @return array<string, string> sentences, and the file that says each
     */
    private static function said(): array
    {
        $said = array_fill_keys(self::found('/[:=] "([A-Z][^"]*\.)"/', file_get_contents(self::DECLINES)), 'declines');
        $files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator(self::MODULE));
        /** @var SplFileInfo $file */
        foreach ($files as $file) {
            $text = $file->isFile() ? file_get_contents($file->getPathname()) : '';
            $sentences = match ($file->getExtension()) {
                'php', 'phtml' => self::ofPhp($text),
                'xml' => self::ofXml($text),
                'js' => self::found('/\$t\(\s*\'((?:[^\'\\\\]|\\\\.)*)\'/', $text),
                'html' => [
                    ...self::found('/translate="\'([^\']*)\'"/', $text),
                    ...self::found('/\$t\(\'([^\']*)\'\)/', $text),
                    ...self::found('/\{\{trans "((?:[^"\\\\]|\\\\.)*)"/', $text),
                    ...self::found('/\{\{trans \'((?:[^\'\\\\]|\\\\.)*)\'/', $text),
                ],
                default => [],
            };
            foreach ($sentences as $sentence) {
                $said[$sentence] = $file->getFilename();
            }
        }
        return $said;
    }

    /**
     * @return list<string> what is given to `__()` or a Phrase as a text, in one piece or in several
     */
    private static function ofPhp(string $text): array
    {
        $skipped = [T_WHITESPACE, T_COMMENT, T_DOC_COMMENT];
        $tokens = array_values(array_filter(
            token_get_all($text),
            static fn (array|string $token): bool => !is_array($token) || !in_array($token[0], $skipped, true)
        ));
        $sentences = [];
        foreach ($tokens as $place => $token) {
            $isSaid = is_array($token) && in_array($token[1], ['__', 'Phrase'], true);
            if (!$isSaid || ($tokens[$place + 1] ?? '') !== '(') {
                continue;
            }
            $sentence = '';
            for ($next = $place + 2; ($tokens[$next][0] ?? null) === T_CONSTANT_ENCAPSED_STRING; $next += 2) {
                $sentence .= strtr(substr($tokens[$next][1], 1, -1), ["\\'" => "'", '\\"' => '"', '\\\\' => '\\']);
                if (($tokens[$next + 1] ?? '') !== '.') {
                    break;
                }
            }
            $sentences[] = $sentence;
        }
        return array_values(array_filter($sentences, static fn (string $sentence): bool => $sentence !== ''));
    }

    /**
     * @return list<string> what is named by `translate`, and titles of pages
     */
    private static function ofXml(string $text): array
    {
        $sentences = [];
        $document = new \SimpleXMLElement($text);
        foreach ($document->xpath('//*[@translate]') as $element) {
            foreach (explode(' ', (string) $element['translate']) as $name) {
                $sentences[] = trim((string) ($element[$name] ?? $element->$name));
            }
        }
        foreach ($document->xpath('/page/head/title') as $title) {
            $sentences[] = trim((string) $title);
        }
        return array_values(array_filter($sentences, static fn (string $sentence): bool => $sentence !== ''));
    }

    /**
     * @return list<string>
     */
    private static function found(string $pattern, string $text): array
    {
        preg_match_all($pattern, $text, $found);
        return array_map(
            static fn (string $sentence): string => strtr($sentence, ["\\'" => "'", '\\"' => '"']),
            $found[1]
        );
    }
}
