using Portal.Engine.Builds.Dockerfiles.Expansion;
using Portal.Engine.Builds.Dockerfiles.Syntax;

namespace Portal.Engine.Linux.Tests.Builds.Dockerfiles;

public sealed class VariableExpanderTests
{
    private static readonly Dictionary<string, string> s_variables = new()
    {
        ["NAME"] = "value",
        ["EMPTY"] = "",
        ["PATHS"] = "/usr/local/bin",
        ["SENTENCE"] = "one two  three",
        ["FILE"] = "archive.tar.gz",
        ["OTHER"] = "NAME",
        ["DOTS"] = "a.b.c.d",
    };

    [Theory]
    [InlineData("$NAME", "value")]
    [InlineData("${NAME}", "value")]
    [InlineData("a${NAME}b$NAME", "avaluebvalue")]
    [InlineData("$NAMEX", "")]
    [InlineData("$NAME-x", "value-x")]
    [InlineData("$", "$")]
    [InlineData("$ x", "$ x")]
    [InlineData("\\$NAME", "$NAME")]
    [InlineData("\\${NAME}", "${NAME}")]
    [InlineData("'$NAME'", "$NAME")]
    [InlineData("\"$NAME\"", "value")]
    [InlineData("\"\\$NAME \\\" \\\\ \\x\"", "$NAME \" \\ \\x")]
    [InlineData("it\\'s", "it's")]
    [InlineData("a\\ b", "a b")]
    [InlineData("$1x", "x")]
    [InlineData("", "")]
    [InlineData("\"\"", "")]
    [InlineData("${SENTENCE}", "one two  three")]
    public void Expand_OfPlainForms_FollowsTheReference(string word, string expected) =>
        Assert.Equal(expected, VariableExpander.Expand(word, '\\', s_variables));

    [Theory]
    [InlineData("${NAME:-word}", "value")]
    [InlineData("${EMPTY:-word}", "word")]
    [InlineData("${NONE:-word}", "word")]
    [InlineData("${EMPTY-word}", "")]
    [InlineData("${NONE-word}", "word")]
    [InlineData("${NAME:+word}", "word")]
    [InlineData("${EMPTY:+word}", "")]
    [InlineData("${EMPTY+word}", "word")]
    [InlineData("${NONE+word}", "")]
    [InlineData("${NAME:?must}", "value")]
    [InlineData("${EMPTY?must}", "")]
    [InlineData("${NONE:-${NAME}}", "value")]
    [InlineData("${NONE:-a${NONE:-b${NAME}c}d}", "abvaluecd")]
    [InlineData("${NONE:-'$NAME'}", "$NAME")]
    [InlineData("${NONE:-a\\}b}", "a}b")]
    public void Expand_OfDefaults_FollowsTheReference(string word, string expected) =>
        Assert.Equal(expected, VariableExpander.Expand(word, '\\', s_variables));

    [Theory]
    [InlineData("${PATHS#/*/}", "local/bin")]
    [InlineData("${PATHS##/*/}", "bin")]
    [InlineData("${PATHS##*/}", "bin")]
    [InlineData("${PATHS#nothing}", "/usr/local/bin")]
    [InlineData("${FILE%.*}", "archive.tar")]
    [InlineData("${FILE%%.*}", "archive")]
    [InlineData("${FILE%.??}", "archive.tar")]
    [InlineData("${FILE%x}", "archive.tar.gz")]
    [InlineData("${DOTS/./-}", "a-b.c.d")]
    [InlineData("${DOTS//./-}", "a-b-c-d")]
    [InlineData("${DOTS//.}", "abcd")]
    [InlineData("${PATHS/\\/usr/\\/opt}", "/opt/local/bin")]
    [InlineData("${PATHS//\\//_}", "_usr_local_bin")]
    [InlineData("${DOTS/b*/$NAME}", "a.value")]
    [InlineData("${NAME%${NONE:-ue}}", "val")]
    [InlineData("${NONE#x}", "")]
    [InlineData("${DOTS#a\\*}", "a.b.c.d")]
    public void Expand_OfPatterns_FollowsTheReference(string word, string expected) =>
        Assert.Equal(expected, VariableExpander.Expand(word, '\\', s_variables));

    [Theory]
    [InlineData("${NONE:?is wanted}", "NONE: is wanted")]
    [InlineData("${NONE?}", "NONE: not allowed to be unset")]
    [InlineData("${EMPTY:?}", "EMPTY: not allowed to be empty")]
    [InlineData("${NAME", "missing '}'")]
    [InlineData("${NAME:-", "missing '}'")]
    [InlineData("${NAME:", "missing '}'")]
    [InlineData("${}", "bad substitution")]
    [InlineData("${NAME^}", "unsupported modifier (^)")]
    [InlineData("${NAME:#x}", "unsupported modifier (:#)")]
    [InlineData("'open", "single-quote")]
    [InlineData("\"open", "double-quote")]
    public void Expand_OfWhatIsWrong_SaysWhat(string word, string expected)
    {
        var failure = Assert.Throws<DockerfileSyntaxException>(() => VariableExpander.Expand(word, '\\', s_variables));
        Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public void ExpandWords_OfBlanksInValues_SplitsThemUnlessQuoted()
    {
        Assert.Equal(["one", "two", "three", "x"], VariableExpander.ExpandWords("$SENTENCE x", '\\', s_variables));
        Assert.Equal(["one two  three", "x"], VariableExpander.ExpandWords("\"$SENTENCE\" x", '\\', s_variables));
        Assert.Equal(["a b", ""], VariableExpander.ExpandWords("a\\ b ''", '\\', s_variables));
    }

    [Fact]
    public void Expand_WithBacktickAsEscape_LeavesBackslashes()
    {
        Assert.Equal(@"C:\value", VariableExpander.Expand(@"C:\$NAME", '`', s_variables));
        Assert.Equal("$NAME", VariableExpander.Expand("`$NAME", '`', s_variables));
    }

    [Fact]
    public void ExpandDocument_LeavesQuotes_PutsVariablesIn() =>
        Assert.Equal("say \"value\" '$NAME' \\n", VariableExpander.ExpandDocument("say \"$NAME\" '\\$NAME' \\n", '\\', s_variables));

    [Fact]
    public void Expand_OfWhatGrowsWithoutBound_IsRefused()
    {
        var long1 = new Dictionary<string, string> { ["A"] = new('x', DockerfileLimits.MaxExpanded / 2) };
        Assert.Throws<DockerfileSyntaxException>(() => VariableExpander.Expand("$A$A$A", '\\', long1));
        var nested = string.Concat(Enumerable.Repeat("${A:-", 1000)) + string.Concat(Enumerable.Repeat("}", 1000));
        Assert.Throws<DockerfileSyntaxException>(() => VariableExpander.Expand(nested, '\\', s_variables));
    }
}
