using System.Security.Cryptography;
using System.Text;

namespace Portal.Agent.Hosting;

/// <summary>Where an agent with these two folders keeps its things, and its engine's name.</summary>
internal sealed class AgentPaths
{
    public const string DefaultData = "/var/lib/portal";
    public const string DefaultRun = "/run/portal";

    public AgentPaths(string data, string run)
    {
        Data = Path.TrimEndingDirectorySeparator(Path.GetFullPath(data));
        Run = Path.TrimEndingDirectorySeparator(Path.GetFullPath(run));
        InstanceName = Data == DefaultData && Run == DefaultRun ? "portal" : NameOf(Data);
    }

    /// <summary><c>PORTAL_DATA</c>.</summary>
    public string Data { get; }

    /// <summary><c>PORTAL_RUN</c>.</summary>
    public string Run { get; }

    /// <summary>Identity and private key.</summary>
    public string Identity => Path.Combine(Data, "agent");

    public string EngineData => Path.Combine(Data, "engine");

    /// <summary>The host's own logins to registries, where the engine looks for them.</summary>
    public string RegistryLogins => Path.Combine(EngineData, "registries");

    public string EngineRun => Path.Combine(Run, "engine");

    /// <summary>What containers of stacks mount, by the stack.</summary>
    public string StackFiles => Path.Combine(Data, "stacks");

    /// <summary>The same of what is in memory alone.</summary>
    public string StackMemory => Path.Combine(Run, "stacks");

    public string DockerSocket => Path.Combine(Run, "docker.sock");

    /// <summary>Held by the agent that runs on this data.</summary>
    public string Lock => Path.Combine(Data, "agent", "lock");

    /// <summary>How the link stands, for <c>status</c>.</summary>
    public string Status => Path.Combine(Run, "agent-status.json");

    /// <summary>Carried by every kernel object of the instance: two instances on one host never share one.</summary>
    public string InstanceName { get; }

    private static string NameOf(string data) =>
        "p" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data)))[..6];
}
