using System.Text.Json;
using System.Text.RegularExpressions;

namespace Portal.Architecture.Tests.Languages;

/// <summary>The files that translators edit say all that the source says, and no more.</summary>
public sealed partial class LanguageFilesTests
{
    private static readonly string s_folder = Path.Combine(SourceTexts.Root, "Languages", "Texts");

    public static TheoryData<string> Languages => new(Directory.GetDirectories(s_folder).Select(folder => Path.GetFileName(folder)!));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfTheSource_AreAllTranslated(string language)
    {
        var known = Read(language).ToLookup(text => text.English);

        var missing = SourceTexts.All.Where(text => !known.Contains(text.Key.English))
            .Select(text => $"\"{text.Key.English}\" of {text.First()}");

        Assert.True(!missing.Any(), $"Add to Languages/Texts/{language}/AREA.json (docs/languages.md):\n{string.Join('\n', missing)}");
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfTheFiles_AreAllUsedAndStandThereOnce(string language)
    {
        var used = SourceTexts.All.Select(text => text.Key.English).ToHashSet();
        var known = Read(language);

        var unused = known.Where(text => !used.Contains(text.English)).Select(text => $"{text.Area}: \"{text.English}\" is used nowhere");
        var twice = known.GroupBy(text => text.English).Where(texts => texts.Count() > 1)
            .Select(texts => $"\"{texts.Key}\" is in {string.Join(" and ", texts.Select(text => text.Area))}");

        Assert.Empty(unused.Concat(twice));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_Translated_HaveTheValuesOfTheEnglishOnes(string language)
    {
        var wrong = Read(language)
            .Where(text => text.Forms.Any(form => form.Length == 0 || !Values(form).SequenceEqual(Values(text.English))))
            .Select(text => $"{text.Area}: \"{text.English}\" is \"{string.Join("\", \"", text.Forms)}\"");

        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_WithACount_HaveFormsAndOthersNone(string language)
    {
        var counted = SourceTexts.All.Where(text => text.Key.Other is not null).Select(text => text.Key.English).ToHashSet();
        var plain = SourceTexts.All.Where(text => text.Key.Other is null).Select(text => text.Key.English).ToHashSet();

        Assert.Empty(counted.Intersect(plain));
        Assert.Empty(Read(language).Where(text => text.IsArray != counted.Contains(text.English)).Select(text => text.English));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfScripts_AreInTheFileThatComesWithThePage(string language)
    {
        var inScripts = SourceTexts.All.Where(text => text.Key.IsInScripts).Select(text => text.Key.English).ToHashSet();

        Assert.Equal(
            inScripts.Order(StringComparer.Ordinal),
            Read(language).Where(text => text.Area == "scripts").Select(text => text.English).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void Texts_OfRefusalsWithValues_AreInTheFileThatTellsThemAgain(string language)
    {
        var refusals = SourceTexts.All.Where(text => text.Key.IsRefusal).Select(text => text.Key.English).ToHashSet();

        Assert.Equal(
            refusals.Order(StringComparer.Ordinal),
            Read(language).Where(text => text.Area == "refusals").Select(text => text.English).Order(StringComparer.Ordinal));
    }

    private static List<Translation> Read(string language) =>
    [
        .. Directory.GetFiles(Path.Combine(s_folder, language), "*.json").Order(StringComparer.Ordinal).SelectMany(file =>
        {
            using var content = JsonDocument.Parse(File.ReadAllText(file));
            return content.RootElement.EnumerateObject().Select(text => new Translation(
                Path.GetFileNameWithoutExtension(file),
                text.Name,
                text.Value.ValueKind == JsonValueKind.Array
                    ? [.. text.Value.EnumerateArray().Select(form => form.GetString()!)]
                    : [text.Value.GetString()!],
                text.Value.ValueKind == JsonValueKind.Array)).ToList();
        }),
    ];

    // Which values, whatever their order: "{0} of {1}" may well be "{1} 中的 {0}".
    private static IEnumerable<string> Values(string text) => Value().Matches(text).Select(value => value.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\d[^{}]*\}")]
    private static partial Regex Value();

    private sealed record Translation(string Area, string English, IReadOnlyList<string> Forms, bool IsArray);
}
