using Portal.Contracts.Builds.V1;
using Portal.Web.Features.Builds;
using Portal.Web.Features.Builds.Begin;
using Portal.Web.Features.Rest.Json;

namespace Portal.Web.Features.Rest.Builds;

/// <summary>An image to build. No record, so that nothing prints it by accident.</summary>
internal sealed class StartBuild
{
    private const int MostPairs = 500;

    /// <summary>
    /// <c>editor</c>: what <c>dockerfileText</c> says; <c>remote</c>: what is at <c>address</c>; <c>upload</c>: an archive, to be sent to
    /// the build's <c>context</c> afterwards.
    /// </summary>
    public required BuildSource Source { get; init; }

    /// <summary>Of <c>editor</c>.</summary>
    public string DockerfileText { get; init; } = "";

    /// <summary>Of <c>remote</c>: a Git repository, or a Dockerfile or archive over https; without a login.</summary>
    public string Address { get; init; } = "";

    /// <summary>Of a repository: branch, tag or commit.</summary>
    public string Reference { get; init; } = "";

    /// <summary>Of a repository: a folder in it.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Empty for <c>Dockerfile</c>.</summary>
    public string DockerfilePath { get; init; } = "";

    /// <summary>What the image is to be called.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    public string Target { get; init; } = "";

    public string Platform { get; init; } = "";

    /// <summary>Of <c>ARG</c>. Others can read them: secrets go into <c>secrets</c>.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public string Network { get; init; } = "";

    /// <summary>0 for no limit.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>0 for no limit.</summary>
    public double Processors { get; init; }

    /// <summary>As <c>name:address</c>.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    public IReadOnlyList<string> CacheFrom { get; init; } = [];

    /// <summary>Registries whose login the node gets for this build, besides those of images that the text names.</summary>
    public IReadOnlyList<string> Registries { get; init; } = [];

    public bool NoCache { get; init; }

    public bool Pull { get; init; }

    public bool InlineCache { get; init; }

    /// <summary>The login to the repository; kept nowhere.</summary>
    public BuildGitLogin? Git { get; init; }

    /// <summary>For <c>RUN --mount=type=secret</c>, by id; kept nowhere.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>Private keys for <c>RUN --mount=type=ssh</c>, by id; kept nowhere.</summary>
    public IReadOnlyDictionary<string, string> SshKeys { get; init; } = new Dictionary<string, string>();

    /// <summary>As the page would fill it in, checked as there.</summary>
    public BuildForm ToForm(Guid nodeId)
    {
        var form = new BuildForm
        {
            NodeId = nodeId,
            Source = Source,
            Text = DockerfileText,
            Address = Address,
            Reference = Reference,
            Folder = Folder,
            DockerfilePath = DockerfilePath,
            Names = string.Join(' ', Names),
            Target = Target,
            Platform = Platform,
            Network = Network,
            ExtraHosts = string.Join('\n', ExtraHosts),
            CacheFrom = string.Join(' ', CacheFrom),
            Registries = string.Join(' ', Registries),
            GitUser = Git?.UserName ?? "",
            GitToken = Git?.Token ?? "",
            GitKey = Git?.PrivateKey ?? "",
            GitKnownHosts = Git?.KnownHosts ?? "",
            NoCache = NoCache,
            Pull = Pull,
            InlineCache = InlineCache,
        };

        // What a form holds as lines stands in maps here, where a value may have several.
        var wrong = form.Check(hasUpload: true).Select(pair => $"{pair.Key}: {pair.Value}").ToList();
        if (MemoryBytes < 0 || !double.IsFinite(Processors) || Processors is < 0 or > 100_000)
        {
            wrong.Add("Limits are numbers above 0, or 0 for none.");
        }

        if (Arguments.Concat(Labels).Concat(Secrets).Concat(SshKeys)
                .Any(pair => pair.Value is null || pair.Key.Length == 0 || pair.Key.Contains('='))
            || Arguments.Count + Labels.Count + Secrets.Count + SshKeys.Count > MostPairs)
        {
            wrong.Add($"Arguments, labels, secrets and keys have names without '=' and a value, at most {MostPairs}.");
        }

        return wrong.Count == 0 ? form : throw RestResults.Refused(string.Join(' ', wrong));
    }

    public BuildOptions ToOptions(BuildForm form)
    {
        var options = form.ToOptions();
        options.MemoryBytes = MemoryBytes;
        options.NanoCpus = (long)(Processors * 1_000_000_000);
        foreach (var (name, value) in Arguments)
        {
            options.BuildArgs[name] = value;
        }

        options.Labels.Add(Labels.ToDictionary());
        return options;
    }

    public BuildSecrets ToSecrets(BuildForm form) => form.ToSecrets() with { Values = Secrets, SshKeys = SshKeys };
}
