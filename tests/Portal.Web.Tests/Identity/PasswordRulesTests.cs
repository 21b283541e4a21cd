using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Web.Configuration;
using Portal.Web.Identity.Policies;

namespace Portal.Web.Tests.Identity;

/// <summary>The search in a sorted file of hashes.</summary>
public sealed class PasswordRulesTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("\n", "")]
    [InlineData("\r\n", ":12345")]
    [InlineData("\n", ":1")]
    public void Contains_EachOfMany_IsFoundAndNoOther(string end, string count)
    {
        var passwords = Enumerable.Range(0, 500).Select(i => $"password-{i}").ToList();
        Write(string.Join(end, passwords.Select(HashOf).Order(StringComparer.Ordinal).Select(hash => hash + count)) + end);
        var breached = Make();

        Assert.All(passwords, password => Assert.True(breached.Contains(password), password));
        Assert.All(Enumerable.Range(0, 500), i => Assert.False(breached.Contains($"other-{i}")));
    }

    [Fact]
    public void Contains_LastLineWithoutAnEnd_IsFound()
    {
        Write(HashOf("alone"));

        Assert.True(Make().Contains("alone"));
        Assert.False(Make().Contains("other"));
    }

    [Fact]
    public void Contains_FileOfRubbish_EndsAndFindsNothing()
    {
        var rubbish = new byte[100_000];
        new Random(7).NextBytes(rubbish);
        foreach (var content in new[] { [], rubbish, new byte[50_000], Encoding.ASCII.GetBytes(new string('\n', 9_000)) })
        {
            File.WriteAllBytes(_path, content);
            Assert.False(Make().Contains("anything"));
        }
    }

    [Fact]
    public void Contains_FileGone_LetsPeopleChangePasswords()
    {
        File.Delete(_path);

        Assert.False(Make().Contains("anything"));
    }

    private void Write(string text) => File.WriteAllText(_path, text, Encoding.ASCII);

    private BreachedPasswords Make() => new(
        Options.Create(new PortalOptions { BreachedPasswords = _path }), NullLogger<BreachedPasswords>.Instance);

#pragma warning disable CA5350 // The lists are of SHA-1.
    private static string HashOf(string password) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
}
