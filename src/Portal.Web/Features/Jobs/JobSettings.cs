using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Contracts.Permissions;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Encryption.Age;

namespace Portal.Web.Features.Jobs;

/// <summary>What a job does, and how. What its kind has no use for is empty.</summary>
internal sealed record JobSettings
{
    private const int LongestName = 256;
    private const int MostArguments = 64;
    private const int LongestArgument = 4096;
    private const int MostHours = 24 * 365 * 10;
    private const int MostKept = 1000;
    private const int MostRecipients = 20;
    private const int MostMinutes = 24 * 60;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    /// <summary>Of a prune: images that nothing uses and nobody named.</summary>
    public bool Images { get; init; }

    /// <summary>Of a prune: named images too.</summary>
    public bool NamedImages { get; init; }

    /// <summary>Of a prune: containers that don't run.</summary>
    public bool Containers { get; init; }

    /// <summary>Of a prune: the cache of builds.</summary>
    public bool BuildCache { get; init; }

    /// <summary>Of a prune: only what is at least so old; 0 for any.</summary>
    public int OlderThanHours { get; init; }

    /// <summary>The volume that is backed up.</summary>
    public string Volume { get; init; } = "";

    /// <summary>What is done with containers that use the volume: 1 to pause them meanwhile, 2 to stop them.</summary>
    public UserHandling Users { get; init; }

    /// <summary>How many archives are kept.</summary>
    public int Keep { get; init; } = 7;

    /// <summary>Public keys of age that archives are encrypted for; none for archives in the clear.</summary>
    public IReadOnlyList<string> Recipients { get; init; } = [];

    /// <summary>The container's name. It is found by its name each time, so that a new one of that name takes its place.</summary>
    public string Container { get; init; } = "";

    /// <summary>The stack.</summary>
    public Guid? StackId { get; init; }

    /// <summary>The command's words; no shell reads them.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Who runs the command; empty for the container's user.</summary>
    public string User { get; init; } = "";

    /// <summary>Where the portal is backed up to.</summary>
    public Guid? DestinationId { get; init; }

    /// <summary>Whether the portal's backup is restored on trial afterwards.</summary>
    public bool Check { get; init; }

    /// <summary>After how many minutes a run is broken off.</summary>
    public int TimeoutMinutes { get; init; } = 60;

    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    public static JobSettings Parse(string json) => JsonSerializer.Deserialize<JobSettings>(json, s_json) ?? new JobSettings();

    /// <summary>What whoever does this by hand needs, where it is done.</summary>
    public IReadOnlyList<string> NeededFor(JobKind kind)
    {
        List<string> needed = kind switch
        {
            JobKind.Prune => [],
            JobKind.VolumeBackup => [PermissionNames.VolumesBackup],
            JobKind.RestartContainer => [PermissionNames.ContainersRestart],
            JobKind.RestartStack => [PermissionNames.StacksView, PermissionNames.StacksDeploy],
            JobKind.PortalBackup => [PermissionNames.BackupsManage],
            _ => [PermissionNames.ContainersExec],
        };
        if (kind == JobKind.Prune && (Images || BuildCache))
        {
            needed.Add(PermissionNames.ImagesRemove);
        }

        if (kind == JobKind.Prune && Containers)
        {
            needed.AddRange([PermissionNames.NodesView, PermissionNames.ContainersRemove]);
        }

        if (kind == JobKind.VolumeBackup && Users != UserHandling.Unspecified)
        {
            needed.Add(Users == UserHandling.Pause ? PermissionNames.ContainersPause : PermissionNames.ContainersStop);
        }

        return needed;
    }

    /// <summary>All that is wrong with it.</summary>
    public IEnumerable<string> Problems(JobKind kind)
    {
        if (TimeoutMinutes is < 1 or > MostMinutes)
        {
            yield return E("A run may take 1 to {0} minutes.", MostMinutes);
        }

        if (kind == JobKind.Prune && !Images && !Containers && !BuildCache)
        {
            yield return N("Choose what is pruned: images, containers, the cache of builds.");
        }

        if (kind == JobKind.Prune && OlderThanHours is < 0 or > MostHours)
        {
            yield return E("The age is 0 to {0} hours.", MostHours);
        }

        if (kind == JobKind.VolumeBackup && (!IsName(Volume) || !Enum.IsDefined(Users)))
        {
            yield return N("Name the volume, and say what is done with containers that use it.");
        }

        if (kind == JobKind.VolumeBackup && Keep is < 1 or > MostKept)
        {
            yield return E("Between 1 and {0} archives are kept.", MostKept);
        }

        if (kind == JobKind.VolumeBackup && (Recipients is null || Recipients.Count > MostRecipients))
        {
            yield return E("Archives are encrypted for {0} keys at most.", MostRecipients);
        }

        foreach (var wrong in kind == JobKind.VolumeBackup ? (Recipients ?? []).Where(key => AgeRecipient.Parse(key ?? "") is null) : [])
        {
            yield return E("'{0}' is no public key of age: one begins with age1. Keys of SSH and of plugins are not taken.", wrong);
        }

        if (kind is JobKind.RestartContainer or JobKind.Command && !IsName(Container))
        {
            yield return N("Name the container.");
        }

        if (kind == JobKind.PortalBackup && DestinationId is null)
        {
            yield return N("Choose where the portal is backed up to.");
        }

        if (kind == JobKind.RestartStack && StackId is null)
        {
            yield return N("Choose the stack.");
        }

        if (kind == JobKind.Command && (Command is null or { Count: 0 or > MostArguments } || Command[0].Length == 0
            || Command.Any(word => word is null || word.Length > LongestArgument || word.Contains('\0', StringComparison.Ordinal))))
        {
            yield return E("A command has 1 to {0} words, each of {1} characters at most.", MostArguments, LongestArgument);
        }

        if (kind == JobKind.Command && (User is null || User.Length > LongestName || User.Any(char.IsControl)))
        {
            yield return N("Write a user as name, id, or user:group.");
        }
    }

    private static bool IsName(string? name) => name is { Length: > 0 and <= LongestName }
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
