using Portal.Contracts.Policies;

namespace Portal.Web.Features.Policies;

/// <summary>A policy as its page edits it: a list is one text with an entry on each line.</summary>
public sealed class PolicyForm
{
    private const string Everywhere = "all";
    private const long MiB = 1024 * 1024;

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary><c>all</c>, or <c>e:</c> or <c>n:</c> with an environment's or a node's id.</summary>
    public string Place { get; set; } = Everywhere;

    public bool LimitsPaths { get; set; }

    public List<PathRow> Paths { get; } = [];

    public PolicyList Registries { get; } = new();

    public bool LimitsSignatures { get; set; }

    public List<SignatureRow> Signatures { get; } = [];

    public PolicyList VolumeTypes { get; } = new();

    public PolicyList Capabilities { get; } = new();

    public PolicyList Devices { get; } = new();

    public bool LimitsNamespaces { get; set; }

    public HashSet<string> Namespaces { get; } = new(StringComparer.Ordinal);

    public bool ForbidsPrivileged { get; set; }

    public bool ForbidsOther { get; set; }

    public bool LimitsMemory { get; set; }

    public long MemoryMiB { get; set; } = 512;

    internal static PolicyForm Of(PolicyEntry entry)
    {
        var rules = entry.Rules;
        var form = new PolicyForm
        {
            Name = entry.Name,
            Description = entry.Description,
            Place = entry.EnvironmentId is { } environment ? $"e:{environment}" : entry.NodeId is { } node ? $"n:{node}" : Everywhere,
            LimitsPaths = rules.HostPaths is not null,
            LimitsSignatures = rules.Signatures is not null,
            LimitsNamespaces = rules.HostNamespaces is not null,
            ForbidsPrivileged = rules.ForbidPrivileged,
            ForbidsOther = rules.ForbidOtherHostAccess,
            LimitsMemory = rules.LargestMemoryBytes > 0,
            MemoryMiB = rules.LargestMemoryBytes > 0 ? Math.Max(rules.LargestMemoryBytes / MiB, 1) : 512,
        };
        form.Paths.AddRange((rules.HostPaths ?? []).Select(rule => new PathRow { Path = rule.Path, Writable = rule.Writable }));
        form.Signatures.AddRange((rules.Signatures ?? []).Select(SignatureRow.Of));
        form.Namespaces.UnionWith(rules.HostNamespaces ?? []);
        form.Registries.Set(rules.Registries);
        form.VolumeTypes.Set(rules.VolumeTypes);
        form.Capabilities.Set(rules.Capabilities);
        form.Devices.Set(rules.Devices);
        return form;
    }

    /// <summary>What it says now.</summary>
    internal PolicyInput ToInput() => new(Name, Description, IdAfter("e:"), IdAfter("n:"), new PolicyRules
    {
        HostPaths = LimitsPaths
            ? [.. Paths.Where(row => row.Path.Trim().Length > 0).Select(row => new HostPathRule(row.Path.Trim(), row.Writable))] : null,
        Registries = Registries.Get(),
        Signatures = LimitsSignatures ? [.. Signatures.Where(row => !row.IsEmpty).Select(row => row.ToRule())] : null,
        VolumeTypes = VolumeTypes.Get(),
        Capabilities = Capabilities.Get(),
        Devices = Devices.Get(),
        HostNamespaces = LimitsNamespaces ? [.. PolicyRulesProblems.Namespaces.Where(Namespaces.Contains)] : null,
        ForbidPrivileged = ForbidsPrivileged,
        ForbidOtherHostAccess = ForbidsOther,
        LargestMemoryBytes = LimitsMemory ? MemoryMiB * MiB : 0,
    });

    private Guid? IdAfter(string prefix) =>
        Place.StartsWith(prefix, StringComparison.Ordinal) && Guid.TryParse(Place[prefix.Length..], out var id) ? id : null;

    /// <summary>A host path on the page.</summary>
    public sealed class PathRow
    {
        public string Path { get; set; } = "";

        public bool Writable { get; set; }
    }
}
