using Portal.Compose.Editing;

namespace Portal.Compose.Tests.Editing;

/// <summary>What a form shows of a file, and what it keeps its hands off.</summary>
public sealed class ComposeTextFormTests
{
    private const string Strange = """
        x-base: &base
          restart: always
        services:
          web:
            <<: *base
            image: nginx:${TAG:-1}
            command: >
              nginx
              -g x
            hostname: a
              b
            user: &who kim
            working_dir: *who
            entrypoint: [a, b]
            tty: !reset true
            ports:
              - 80
              - target: 90
              - ${PORT}:1
            environment:
              - A=b=c
              - B
            labels: *base
          db: &db
            image: postgres
        """;

    private static readonly ComposeText s_strange = ComposeText.Read(Strange);

    [Theory]
    [InlineData("image", FieldLock.Variable, "nginx:${TAG:-1}")]
    [InlineData("command", FieldLock.Lines, ">\n      nginx\n      -g x")]
    [InlineData("hostname", FieldLock.Lines, "a\n      b")]
    [InlineData("user", FieldLock.Anchor, "&who kim")]
    [InlineData("working_dir", FieldLock.Alias, "*who")]
    [InlineData("entrypoint", FieldLock.Structure, "[a, b]")]
    [InlineData("tty", FieldLock.Tag, "!reset true")]
    public void Field_ThatIsMoreThanAValue_IsShownAndNotEdited(string key, FieldLock hold, string source)
    {
        var field = s_strange.Field("services", "web", key);

        Assert.Equal((null, hold, source), (field.Text, field.Lock, field.Source));
        Assert.Null(s_strange.Set(["services", "web", key], "x"));
    }

    [Fact]
    public void Field_BelowAnAnchor_IsLocked()
    {
        Assert.Equal(FieldLock.Anchor, s_strange.Field("services", "db", "image").Lock);
        Assert.Equal(FieldLock.Anchor, s_strange.Field("services", "db", "restart").Lock);
        Assert.Null(s_strange.Set(["services", "db", "restart"], "always"));
        Assert.Null(s_strange.Remove(["services", "db"]));
        Assert.Null(s_strange.Remove(["services", "db", "image"]));
        Assert.Null(s_strange.AddItem(["services", "db", "ports"], "1"));
    }

    [Fact]
    public void Group_OfAMergedMapping_ShowsOwnKeysAndSaysSo()
    {
        Assert.True(s_strange.IsMerged("services", "web"));
        Assert.DoesNotContain("<<", s_strange.Keys("services", "web"));
        Assert.Equal(FieldLock.Alias, s_strange.Group("services", "web", "labels").Lock);

        // Its own key wins over the merged one.
        Assert.Contains("    restart: \"no\"\n", s_strange.Set(["services", "web", "restart"], "no")!.After.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Group_Items_AreEditedOrLockedOneByOne() => Assert.Equal(
        [("80", FieldLock.None), (null, FieldLock.Structure), (null, FieldLock.Variable)],
        s_strange.Group("services", "web", "ports").Entries.Select(entry => (entry.Field.Text, entry.Field.Lock)));

    [Fact]
    public void Pairs_InAList_AreCutAtTheFirstSign() => Assert.Equal(
        [("A", "b=c"), ("B", null)],
        s_strange.Pairs("services", "web", "environment").Entries.Select(entry => (entry.Key, entry.Field.Text)));

    [Theory]
    [InlineData("a: [", TextProblemKind.NoYaml)]
    [InlineData("- a\n", TextProblemKind.NoServices)]
    [InlineData("services: [a]\n", TextProblemKind.NoServices)]
    [InlineData("services:\n  a: 1\n  a: 2\n", TextProblemKind.KeyTwice)]
    [InlineData("? [a]\n: b\n", TextProblemKind.StrangeKey)]
    [InlineData("a: 1\n---\nb: 2\n", TextProblemKind.SeveralDocuments)]
    public void Read_OfWhatIsNoFormToShow_SaysWhy(string text, TextProblemKind kind)
    {
        var read = ComposeText.Read(text);

        Assert.Equal(kind, read.Problem?.Kind);
        Assert.Empty(read.Services);
        Assert.Null(read.Set(["services", "web", "image"], "x"));
    }

    [Fact]
    public void Read_DeepOrEndless_IsBounded()
    {
        Assert.Equal(TextProblemKind.TooLarge, ComposeText.Read("a: " + new string('[', 5_000)).Problem?.Kind);
        Assert.Equal(TextProblemKind.TooLarge, ComposeText.Read(new string(' ', 2 << 20)).Problem?.Kind);

        // Aliases are not followed, so what would be billions of values is twelve lines.
        var bomb = "a0: &a0 [x, x]\n" + string.Concat(Enumerable.Range(1, 40).Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n")) + "services:\n  w: {image: x}\n";
        Assert.Equal("y", ComposeText.Read(bomb).Set(["services", "w", "image"], "y")!.After.Field("services", "w", "image").Text);
    }
}
