using Portal.Testing;
using Portal.Testing.Agents;

namespace Portal.Agent.Tests.Survival;

/// <summary>An agent that can't start leaves the host as it found it.</summary>
[Collection(SurvivalCollection.Name)]
[Trait("Area", "survival")]
public sealed class FailedStartTests
{
    [Fact]
    public async Task Start_SocketCannotBeBound_EndsAndLeavesNoMount()
    {
        await using var agent = Agents.New();
        var inTheWay = Directory.CreateDirectory(Path.Combine(agent.Instance.RunRoot, "docker.sock"));
        File.WriteAllText(Path.Combine(inTheWay.FullName, "file"), "");

        Assert.NotEqual(0, await agent.RunToEndAsync());

        Assert.Contains("docker.sock", agent.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadLines("/proc/self/mountinfo"), line => line.Contains(agent.Instance.Name, StringComparison.Ordinal));

        // Nor is anything in the way of the next.
        inTheWay.Delete(recursive: true);
        await agent.StartAsync();
        Assert.Empty((await agent.Docker.GetAsync("containers/json")).AsArray());
    }
}
