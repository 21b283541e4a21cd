using Portal.Contracts.Systemd;

namespace Portal.Agent.Hosting;

/// <summary>What the agent tells the service manager: it works while its engine answers on the Docker socket.</summary>
internal static class AgentReport
{
    public static ServiceReport Make(IServiceProvider services, AgentPaths paths) => new(
        ServiceManager.FromEnvironment(),
        cancellationToken => PingAsync(paths.DockerSocket, cancellationToken),
        services.GetRequiredService<TimeProvider>(),
        services.GetRequiredService<ILogger<ServiceReport>>());

    /// <summary>Calls the engine as its clients do. On a connection of its own each time: whoever comes anew must be answered.</summary>
    public static async Task PingAsync(string socket, CancellationToken cancellationToken)
    {
        using var client = new EngineClient(socket);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_ping");
        using var answer = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
