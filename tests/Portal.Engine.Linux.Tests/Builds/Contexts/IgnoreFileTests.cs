using System.Text;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Tests.Builds.Contexts;

/// <summary>The cases of Docker's documentation and of moby/patternmatcher's own test table.</summary>
public sealed class IgnoreFileTests
{
    [Theory]
    [InlineData("*/temp*", "somedir/temporary.txt", true)]
    [InlineData("*/temp*", "somedir/temp", true)]
    [InlineData("*/temp*", "temporary.txt", false)]
    [InlineData("*/temp*", "a/b/temp", false)]
    [InlineData("*/*/temp*", "somedir/subdir/temporary.txt", true)]
    [InlineData("temp?", "tempa", true)]
    [InlineData("temp?", "temp", false)]
    [InlineData("**/*.go", "main.go", true)]
    [InlineData("**/*.go", "a/b/main.go", true)]
    [InlineData("/foo/bar", "foo/bar", true)]
    [InlineData("foo/bar/", "foo/bar", true)]
    [InlineData("foo/./x/../bar", "foo/bar", true)]
    [InlineData("foo", "foo/deep/file", true)]
    [InlineData("*.md|!README.md", "README.md", false)]
    [InlineData("*.md|!README.md", "OTHER.md", true)]
    [InlineData("*.md|!README*.md|README-secret.md", "README-secret.md", true)]
    [InlineData("*.md|README-secret.md|!README*.md", "README-secret.md", false)]
    [InlineData("# comment|  spaced  ", "spaced", true)]
    [InlineData("# comment", "# comment", false)]
    [InlineData("docs|!docs/keep.md", "docs/keep.md", false)]
    [InlineData("docs|!docs/keep.md", "docs/gone.md", true)]
    [InlineData("*|!src", "src/a/b", false)]
    [InlineData("*|!src", "other", true)]
    [InlineData("**", "file", true)]
    [InlineData("**", "dir/file", true)]
    [InlineData("**/", "file", true)]
    [InlineData("**/**", "dir/file", true)]
    [InlineData("dir/**", "dir/file", true)]
    [InlineData("dir/**", "dir/dir2/file", true)]
    [InlineData("**/dir2/*", "dir/dir2/file", true)]
    [InlineData("**/dir2/**", "dir/dir2/dir2/file", true)]
    [InlineData("**file", "file", true)]
    [InlineData("**file", "dir/file", true)]
    [InlineData("**/file", "dir/dir/file", true)]
    [InlineData("**/file*", "dir/dir/file.txt", true)]
    [InlineData("**/**/*.txt", "dir/file.txt", true)]
    [InlineData("a**/*.txt", "a/file.txt", true)]
    [InlineData("a**/*.txt", "a/dir/file.txt", true)]
    [InlineData("a/*.txt", "a/dir/file.txt", false)]
    [InlineData("a[b-d]e", "ae", false)]
    [InlineData("a[b-d]e", "ace", true)]
    [InlineData("a[b-d]e", "aae", false)]
    [InlineData("a[^b-d]e", "aze", true)]
    [InlineData(".*", ".foo", true)]
    [InlineData(".*", "foo", false)]
    [InlineData("abc.def", "abcdef", false)]
    [InlineData("abc.def", "abcZdef", false)]
    [InlineData("a\\\\*", "a\\", true)]
    [InlineData("a\\*b", "a*b", true)]
    [InlineData("a\\*b", "axb", false)]
    [InlineData("a(b)c+{d}$^|x", "a(b)c+{d}$^", true)]
    [InlineData("**/foo/bar", "foo/bar", true)]
    [InlineData("**/foo/bar", "dir/dir2/foo/bar", true)]
    [InlineData("abc/**", "abc", false)]
    [InlineData("abc/**", "abc/def/ghi", true)]
    [InlineData("**/.foo", ".foo", true)]
    [InlineData("**/.foo", "bar.foo", false)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxexxx/f", true)]
    [InlineData("a*b?c*x", "abxbbxdbxebxczzx", true)]
    [InlineData("a*b?c*x", "abxbbxdbxebxczzy", false)]
    [InlineData("**/build|!a/build/keep", "a/build/keep", false)]
    [InlineData("**/build", "x/y/build/deep/file", true)]
    [InlineData("", "file", false)]
    [InlineData(".", "file", false)]
    public void IsIgnored_OfDocumentedCases_IsAsDocumented(string patterns, string path, bool expected)
    {
        // A bar separates lines, but for the case about special characters.
        var text = patterns.Contains('^') && patterns.Contains('(') ? patterns.Replace("|x", "") : patterns.Replace('|', '\n');
        Assert.Equal(expected, Parse(text).IsIgnored(path));
    }

    [Theory]
    [InlineData("!")]
    [InlineData("a[")]
    [InlineData("a[]b")]
    [InlineData("[z-a]")]
    public void Parse_OfMalformedPattern_IsRefused(string text) =>
        Assert.Equal(EngineErrorKind.InvalidArgument, Assert.ThrowsAny<EngineException>(() => Parse(text)).Kind);

    [Fact]
    public void IsIgnored_OfPathologicalPattern_Ends()
    {
        var ignore = Parse(string.Concat(Enumerable.Repeat("**a*", 60)) + "x");
        Assert.False(ignore.IsIgnored(new string('a', 4000)));
    }

    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("*", "abc", true)]
    [InlineData("*c", "abc", true)]
    [InlineData("a*", "ab/c", false)]
    [InlineData("a*/b", "abc/b", true)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false)]
    [InlineData("ab[c]", "abc", true)]
    [InlineData("ab[b-d]", "abc", true)]
    [InlineData("ab[e-g]", "abc", false)]
    [InlineData("ab[^c]", "abc", false)]
    [InlineData("a\\*b", "a*b", true)]
    [InlineData("a?b", "a☺b", true)]
    [InlineData("[a-ζ]*", "α", true)]
    [InlineData("*[a-ζ]", "A", false)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("[\\]a]", "]", true)]
    [InlineData("[x\\-]", "-", true)]
    [InlineData("*x", "xxx", true)]
    public void GoPathMatch_OfGosOwnTable_IsAsInGo(string pattern, string name, bool expected) =>
        Assert.Equal(expected, new GoPathMatch(pattern).IsMatch(name));

    [Theory]
    [InlineData("[]a]")]
    [InlineData("[-]")]
    [InlineData("[x-]")]
    [InlineData("[a-b-c]")]
    [InlineData("[")]
    [InlineData("[^bc")]
    [InlineData("a\\")]
    public void GoPathMatch_OfGosBadPatterns_IsRefused(string pattern) =>
        Assert.ThrowsAny<EngineException>(() => new GoPathMatch(pattern));

    private static IgnoreFile Parse(string text) => IgnoreFile.Parse(Encoding.UTF8.GetBytes(text));
}
