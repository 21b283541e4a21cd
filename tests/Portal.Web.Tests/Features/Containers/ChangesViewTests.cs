using Portal.Contracts.Files.V1;
using Portal.Web.Features.Containers.Create;
using Portal.Web.Features.Containers.Files;

namespace Portal.Web.Tests.Features.Containers;

public sealed class ChangesViewTests
{
    [Fact]
    public void Mark_FoldersThatOnlyLeadToChanges_AreTold()
    {
        var changes = new[]
        {
            Change("/etc", ChangeKind.Modified), Change("/etc/app", ChangeKind.Modified), Change("/etc/app/new", ChangeKind.Added),
            Change("/etc/appendix", ChangeKind.Modified), Change("/new", ChangeKind.Added), Change("/new/file", ChangeKind.Added),
            Change("/tmp", ChangeKind.Modified),
        };

        var ways = ChangesView.Mark(changes).Where(change => change.IsWay).Select(change => change.Path);

        Assert.Equal(["/etc", "/etc/app"], ways);
    }

    [Theory]
    [InlineData("no", "Never")]
    [InlineData("", "Never")]
    [InlineData("always", "Always")]
    [InlineData("unless-stopped", "Always, unless stopped by hand")]
    [InlineData("on-failure", "When it fails")]
    [InlineData("on-failure:3", "When it fails, at most 3 times")]
    [InlineData("on-failure:1", "When it fails, at most 1 time")]
    [InlineData("of-tomorrow", "of-tomorrow")]
    public void Describe_RestartPolicy_IsInTheWordsOfForms(string policy, string words) =>
        Assert.Equal(words, RestartPolicyWords.Describe(policy));

    private static Change Change(string path, ChangeKind kind) => new() { Path = path, Kind = kind };
}
