using System.Diagnostics;
using Portal.Testing;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Tests.Features.Updates.Tags;

/// <summary>Which of a repository's tags a rule chooses, and why not the others; tags are what strangers have pushed.</summary>
public sealed class TagSelectionTests
{
    private static readonly string[] s_many = ["latest", "1.2.0", "1.10.0", "1.9.0", "2.0.0", "2.0.0-rc.1", "1.11.0-rc.1", "1.3", "v1.4.0-alpine"];

    [Theory]
    [InlineData("^1", false, "", "1.10.0")]
    [InlineData("^1", true, "", "1.11.0-rc.1")]
    [InlineData("", false, "", "2.0.0")]
    [InlineData("^1", false, "/^v(.+)-alpine$/", "v1.4.0-alpine")]
    [InlineData("", true, "*-alpine", "v1.4.0-alpine")]
    [InlineData("^7", false, "", "")]
    public void Choose_ByVersion_IsTheHighestOfThoseThatCount(string range, bool before, string pattern, string expected) =>
        Assert.Equal(expected, Choose(new TagRule(TagOrder.Version, range, before, pattern), s_many).Newest);

    [Fact]
    public void Choose_WhatIsLeftOut_IsToldWithTheReason()
    {
        var choice = Choose(new TagRule(TagOrder.Version, "^1", Pattern: ""), s_many);

        Assert.Equal(["1.10.0", "1.9.0", "1.2.0"], choice.Counting);
        Assert.Equal(
            [
                ("latest", TagReason.NotAVersion), ("2.0.0", TagReason.OutsideRange), ("2.0.0-rc.1", TagReason.PreRelease),
                ("1.11.0-rc.1", TagReason.PreRelease), ("1.3", TagReason.NotAVersion), ("v1.4.0-alpine", TagReason.PreRelease),
            ],
            choice.LeftOut.Select(left => (left.Tag, left.Reason)));
        Assert.Equal((2, 1, 3), (choice.Reasons[TagReason.NotAVersion], choice.Reasons[TagReason.OutsideRange], choice.Reasons[TagReason.PreRelease]));
    }

    [Theory]
    [InlineData(TagOrder.Number, "", "9 10 007 x 1.2", "10")]
    [InlineData(TagOrder.Number, "/^build-([0-9]+)$/", "build-9 build-10 10000", "build-10")]
    [InlineData(TagOrder.Date, "", "20261122 2026-11-23 20261399 2026.11.22T10-30-00Z 99", "2026-11-23")]
    [InlineData(TagOrder.Date, "/^nightly-(.*)$/", "nightly-20261122-0100 nightly-20261122-0200 20270101", "nightly-20261122-0200")]
    [InlineData(TagOrder.Alphabet, "release-*", "release-b release-a z", "release-b")]
    public void Choose_ByOtherOrders_IsTheLast(TagOrder order, string pattern, string tags, string expected) =>
        Assert.Equal(expected, Choose(new TagRule(order, Pattern: pattern), tags.Split(' ')).Newest);

    [Theory]
    [InlineData("1.2.0", "", true)]
    [InlineData("1.10.0", "", false)]
    [InlineData("latest", "", true)]
    [InlineData("", "", true)]
    [InlineData("1.99.0", "", false)]
    [InlineData("1.2.0", "1.9.0", true)]
    [InlineData("1.2.0", "1.10.0", false)]
    [InlineData("1.2.0", "1.20.0", false)]
    public void Choose_ForAServiceThatHasATag_NeverGoesBackNorTakesTwice(string current, string before, bool isTaken)
    {
        var choice = TagSelection.Choose(new TagRule(TagOrder.Version, "^1"), s_many, current, before);

        Assert.Equal((isTaken, isTaken), (choice.IsTaken, choice.Why.Length == 0));
    }

    [Fact]
    public void Choose_OfHostileTags_LeavesThemOutAndShowsThemHarmlessly()
    {
        string[] hostile =
        [
            "1.2.3\n", "1.2.3\0", "../../1.2.3", "1.2.3 --privileged", "<script>alert(1)</script>", "", "-1.2.3", ".1.2.3", "١.٢.٣", "1.2.3‮",
            new string('9', 129), new string('a', 1_000_000), "1.0.0",
        ];

        var choice = Choose(new TagRule(TagOrder.Version, ""), hostile);

        Assert.Equal("1.0.0", choice.Newest);
        Assert.Equal(12, choice.Reasons[TagReason.NotATag]);
        Assert.All(choice.LeftOut, left => Assert.True(left.Tag.Length <= 129 && !left.Tag.Any(char.IsControl) && !left.Tag.Contains('‮')));
    }

    [Fact]
    public void Choose_OfAsManyTagsAsCanBe_IsBoundedInWhatItShows()
    {
        var tags = Enumerable.Range(0, TagSelection.MostTags + 5).Select(number => $"1.0.{number}").Concat(["x"]);

        var choice = Choose(new TagRule(TagOrder.Version, "", Pattern: "/^(1[.]0[.][0-9]*[0-8])$/"), tags);

        Assert.Equal("1.0.99998", choice.Newest);
        Assert.Equal((20, 200), (choice.Counting.Count, choice.LeftOut.Count));
        Assert.Equal(10_000, choice.Reasons[TagReason.Pattern]);
    }

    [Theory]
    [InlineData("/^(a+)+$/")]
    [InlineData("/^(a|a)*$/")]
    [InlineData("/(.*)*(.*)*(.*)*x$/")]
    public void Choose_ByAnExpressionThatWouldBacktrack_TakesNoTime(string pattern)
    {
        var watch = Stopwatch.StartNew();

        Choose(new TagRule(TagOrder.Alphabet, Pattern: pattern), Enumerable.Repeat(new string('a', 127) + "!", 2000).Append(new string('a', 127) + "b"));

        Assert.True(watch.Elapsed < TestSettings.Within(TimeSpan.FromSeconds(5)), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("/(?=x)/")]
    [InlineData(@"/(a)\1/")]
    [InlineData("/[/")]
    [InlineData("/((((a{200}){200}){200}){200})/")]
    [InlineData("/a{99999999999999999999}/")]
    [InlineData("a\nb")]
    public void Problems_OfPatternsThatCantBeBounded_AreTold(string pattern)
    {
        var rule = new TagRule(TagOrder.Alphabet, Pattern: pattern);

        Assert.Single(rule.Problems());
        Assert.Throws<InvalidOperationException>(() => rule.Reader());
    }

    [Fact]
    public void Problems_OfAllThatIsWrong_AreToldAtOnce()
    {
        Assert.Equal(2, new TagRule(TagOrder.Version, "newest", Pattern: "/[/").Problems().Count());
        Assert.Single(new TagRule(TagOrder.Date, "^1").Problems());
        Assert.Single(new TagRule((TagOrder)77).Problems());
        Assert.Single(new TagRule(TagOrder.Version, "*", Pattern: new string('a', 201)).Problems());
        Assert.Empty(new TagRule(TagOrder.Version, "^1 || ^3", true, "*-alpine").Problems());
    }

    [Theory]
    [InlineData("semver:^1.4", TagOrder.Version, "^1.4")]
    [InlineData("semver", TagOrder.Version, "")]
    [InlineData("semver: >=1 <3 ", TagOrder.Version, ">=1 <3")]
    [InlineData("number", TagOrder.Number, "")]
    [InlineData("date", TagOrder.Date, "")]
    [InlineData("alphabet", TagOrder.Alphabet, "")]
    public void OfLabels_OfARule_IsThatRule(string text, TagOrder order, string range)
    {
        var labels = new Dictionary<string, string> { [TagRule.Label] = text, [TagRule.PatternLabel] = "*-alpine" };

        Assert.Equal(new TagRule(order, range, false, "*-alpine"), TagRule.OfLabels(labels, out var problem));
        Assert.Empty(problem);
    }

    [Theory]
    [InlineData("newest")]
    [InlineData("number:5")]
    [InlineData("semver:newest")]
    [InlineData("")]
    public void OfLabels_OfWhatIsNone_IsAProblem(string text)
    {
        Assert.Null(TagRule.OfLabels(new Dictionary<string, string> { [TagRule.Label] = text }, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Json_OfARule_IsReadAgain()
    {
        var rule = new TagRule(TagOrder.Version, ">=1 <3", true, "/^v(.+)$/");

        Assert.Equal(rule, TagRule.Parse(rule.ToJson()));
    }

    private static TagChoice Choose(TagRule rule, IEnumerable<string> tags) => TagSelection.Choose(rule, tags, "", "");
}
