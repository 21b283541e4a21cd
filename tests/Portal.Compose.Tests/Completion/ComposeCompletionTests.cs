using Portal.Compose.Completion;

namespace Portal.Compose.Tests.Completion;

/// <summary>What an editor offers in a Compose file.</summary>
public sealed class ComposeCompletionTests
{
    [Fact]
    public void Suggest_TopOfTheFile_HasItsSections()
    {
        var keys = ComposeCompletion.Suggest([]).Keys;

        Assert.Equal(
            ["configs", "include", "models", "name", "networks", "secrets", "services", "version", "volumes"],
            keys.Select(key => key.Name));
        Assert.Equal(":\n  ", keys.Single(key => key.Name == "services").Lead);
        Assert.Equal(":\n  - ", keys.Single(key => key.Name == "include").Lead);
        Assert.Equal(": ", keys.Single(key => key.Name == "name").Lead);
    }

    [Theory]
    [InlineData("services web", "healthcheck")]
    [InlineData("services web healthcheck", "start_period")]
    [InlineData("services web ports -", "published")]
    [InlineData("services web volumes - tmpfs", "size")]
    [InlineData("services web depends_on db", "condition")]
    [InlineData("services web build", "dockerfile")]
    [InlineData("services web networks back", "aliases")]
    [InlineData("services web deploy update_config", "parallelism")]
    [InlineData("networks back ipam config -", "subnet")]
    public void Suggest_InAMapping_HasItsKeys(string path, string key)
    {
        Assert.Contains(key, ComposeCompletion.Suggest(path.Split(' ')).Keys.Select(found => found.Name));
    }

    [Theory]
    [InlineData("services web restart", "no,always,on-failure,unless-stopped")]
    [InlineData("services web init", "true,false")]
    [InlineData("services web depends_on db condition", "service_started,service_healthy,service_completed_successfully")]
    [InlineData("services web gpus", "all")]
    [InlineData("services web image", "")]
    public void Suggest_OfAValue_HasTheWordsThatItTakes(string path, string words)
    {
        Assert.Equal(words, string.Join(',', ComposeCompletion.Suggest(path.Split(' ')).Words));
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("services web nothing")]
    [InlineData("services web image deeper")]
    [InlineData("services - ports")]
    public void Suggest_WhereNothingMayStand_HasNothing(string path)
    {
        var suggestions = ComposeCompletion.Suggest(path.Split(' '));

        Assert.Empty(suggestions.Keys);
        Assert.Empty(suggestions.Words);
    }

    [Fact]
    public void Suggest_PathWithoutAnEnd_HasNothing()
    {
        Assert.Empty(ComposeCompletion.Suggest([.. Enumerable.Repeat("services", 100_000)]).Keys);
    }

    [Fact]
    public void Suggest_EveryWordOffered_IsTakenByTheFile()
    {
        foreach (var word in ComposeCompletion.Suggest(["services", "web", "pull_policy"]).Words)
        {
            var result = Projects.Load($"services:\n  web:\n    image: busybox\n    pull_policy: {word}\n");

            Assert.True(result.IsRight, $"{word}: {string.Join(", ", result.Problems)}");
        }
    }
}
