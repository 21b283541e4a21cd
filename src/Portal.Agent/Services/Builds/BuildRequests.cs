using Portal.Contracts.Builds.V1;
using Portal.Engine.Builds;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Services.Builds;

/// <summary>From the contract's words to the engine's. What a request must not ask for is refused here.</summary>
internal static class BuildRequests
{
    private const int MostIds = 1000;
    private const string Bridge = "bridge";

    public static BuildRequest Make(BuildOptions options)
    {
        if (options.ContextFollows && options.Remote.Length > 0)
        {
            throw EngineException.InvalidArgument("A build has one context: the one that is sent, or the one at an address.");
        }

        return new BuildRequest
        {
            Dockerfile = options.DockerfilePath.Length > 0 ? options.DockerfilePath : "Dockerfile",
            DockerfileText = options.DockerfileText.Length > 0 ? options.DockerfileText : null,
            Remote = options.Remote.Length > 0 ? options.Remote : null,
            Names = [.. options.Names],
            Arguments = options.BuildArgs.ToDictionary(pair => pair.Key, pair => (string?)pair.Value),
            Labels = options.Labels.ToDictionary(pair => pair.Key, pair => pair.Value),
            Target = options.Target,
            Platform = ImageMapping.ToPlatform(options.Platform),
            NoCache = options.NoCache,
            Pull = options.Pull,
            NetworkMode = Network(options.Network),
            ExtraHosts = [.. options.ExtraHosts],
            Resources = new RuntimeResources
            {
                Memory = NotNegative(options.MemoryBytes, "memory"),
                NanoCpus = NotNegative(options.NanoCpus, "processors"),
            },
            ShmSize = NotNegative(options.ShmBytes, "shared memory"),
            CacheFrom = [.. options.CacheFrom],
            Credentials = options.Credentials
                .Select(pair => (pair.Key, Login: RegistryMapping.ToCredentials(pair.Value)))
                .Where(pair => pair.Login is not null)
                .ToDictionary(pair => pair.Key, pair => pair.Login!),
            GitLogin = Login(options.Git),
            SshKeys = new Dictionary<string, string>(options.SshKeys),
            Secrets = options.Secrets.ToDictionary(pair => pair.Key, pair => pair.Value.Memory),
        };
    }

    public static BuildCachePruning Make(CacheSelection? selection)
    {
        var wanted = selection ?? new CacheSelection();
        if (wanted.Ids.Count > MostIds)
        {
            throw EngineException.InvalidArgument($"At most {MostIds} entries can be named at a time.");
        }

        return new BuildCachePruning
        {
            KeepShared = !wanted.All,
            KeepBytes = NotNegative(wanted.KeepBytes, "bytes to keep"),
            UnusedFor = wanted.UnusedFor?.ToTimeSpan(),
            Ids = [.. wanted.Ids],
        };
    }

    private static GitLogin? Login(GitCredentials? given) => given is null ? null : new GitLogin
    {
        User = given.User,
        Password = given.Password,
        PrivateKey = given.PrivateKey,
        KnownHosts = given.KnownHosts,
    };

    /// <summary>The host's own network and those of containers reach what a builder need not: Docker's API on the host has them.</summary>
    private static string Network(string given)
    {
        return given.Length == 0 || given == "default" ? Bridge
            : given == "host" || given.Contains(':', StringComparison.Ordinal)
                ? throw EngineException.InvalidArgument($"The network '{given}' can't be used by builds from the portal.")
                : given;
    }

    private static long NotNegative(long value, string what) =>
        value >= 0 ? value : throw EngineException.InvalidArgument($"The limit of {what} can't be negative; 0 is none.");
}
