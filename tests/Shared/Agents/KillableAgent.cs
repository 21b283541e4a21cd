using System.Net;
using System.Text.Json.Nodes;
using Portal.Engine.Containers;
using Portal.Testing.Survival;

namespace Portal.Testing.Agents;

/// <summary>A whole agent, reached as its users reach it.</summary>
public sealed class KillableAgent(RealAgent agent) : IKillableEngine
{
    public InstancePlaces Places => agent.Places with { PublishesPorts = true };

    /// <summary>The network that containers are made in.</summary>
    public string Network { get; init; } = "bridge";

    private DockerClient Docker => agent.Docker;

    public Task<string> CreateAsync(string script) => Docker.CreateAsync(script, Host());

    public Task StartAsync(string id) => Docker.PostAsync($"containers/{id}/start");

    public Task StopAsync(string id) => Docker.PostAsync($"containers/{id}/stop");

    public Task RemoveAsync(string id) => Docker.RemoveAsync(id);

    public async Task<IReadOnlyList<SeenContainer>> ListAsync()
    {
        var listed = (await Docker.GetAsync("containers/json?all=1")).AsArray();
        return [.. listed.Select(entry => new SeenContainer((string)entry!["Id"]!, Parse(entry["State"])))];
    }

    public async Task<SeenContainer> InspectAsync(string id)
    {
        var seen = await Docker.InspectAsync(id);
        return new SeenContainer(
            (string)seen["Id"]!, Parse(seen["State"]!["Status"]), (int)seen["State"]!["ExitCode"]!, (int)seen["RestartCount"]!);
    }

    public async Task<bool> IsUnknownAsync(string id) => await Docker.StatusAsync($"containers/{id}/json") == HttpStatusCode.NotFound;

    public Task<string> LogAsync(string id) => Docker.LogAsync(id);

    public Task<int> ExecAsync(string id, string script) => Docker.ExecAsync(id, script);

    public async Task KillDuringAsync(IReadOnlyList<KillStep> steps, TimeSpan after)
    {
        var begun = steps.Select(BeginAsync).ToList();
        await Task.Delay(after);
        await agent.KillAsync();
        foreach (var step in begun)
        {
            await step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // What an agent that was killed does not answer is no failure; what it refuses is.
        var refused = begun.Select(step => step.Exception?.InnerException).OfType<HttpRequestException>()
            .FirstOrDefault(failure => failure.StatusCode is not null);
        if (refused is not null)
        {
            throw new InvalidOperationException("The agent refused a step before it was killed.", refused);
        }

        await agent.StartAsync();
    }

    private static ContainerState Parse(JsonNode? state) => Enum.Parse<ContainerState>((string)state!, ignoreCase: true);

    private async Task BeginAsync(KillStep step)
    {
        switch (step)
        {
            case KillStep.Create create:
                await CreateAsync(create.Script);
                break;
            case KillStep.Run run:
                var host = Host();
                host["RestartPolicy"] = new JsonObject { ["Name"] = NameOf(run.Policy) };
                await Docker.RunAsync(run.Script, host);
                break;
            case KillStep.Exec exec:
                await Docker.ExecAsync(exec.Id, exec.Script);
                break;
            case KillStep.Start start:
                await StartAsync(start.Id);
                break;
            case KillStep.Stop stop:
                await StopAsync(stop.Id);
                break;
            case KillStep.Remove remove:
                await RemoveAsync(remove.Id);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(step), step, null);
        }
    }

    /// <summary>Docker's word for a policy.</summary>
    public static string NameOf(RestartPolicyKind policy) => policy switch
    {
        RestartPolicyKind.No => "no",
        RestartPolicyKind.Always => "always",
        RestartPolicyKind.OnFailure => "on-failure",
        RestartPolicyKind.UnlessStopped => "unless-stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, null),
    };

    private JsonObject Host() => new()
    {
        ["NetworkMode"] = Network,
        ["PortBindings"] = new JsonObject { ["80/tcp"] = new JsonArray(new JsonObject { ["HostIp"] = "127.0.0.1" }) },
        ["LogConfig"] = new JsonObject
        {
            ["Type"] = "json-file",
            ["Config"] = new JsonObject { ["max-size"] = "50k", ["max-file"] = "1000" },
        },
    };
}
