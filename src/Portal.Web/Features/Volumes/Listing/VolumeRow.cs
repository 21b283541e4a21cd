using Portal.Contracts.Volumes.V1;
using Portal.Web.Features.FleetLists.Groups;
using Portal.Web.Features.FleetLists;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Volumes.Listing;

/// <summary>A volume on a node, as the list shows it.</summary>
public sealed class VolumeRow(NodeState node, Volume volume, bool showsUsers) : IFleetRow<VolumeKey>
{
    public Guid NodeId { get; } = node.Id;

    public string NodeName { get; } = node.Name;

    /// <summary>The node is away: this is how it stood when it was last asked.</summary>
    public bool Stale { get; } = node.Presence != NodePresence.Online;

    public Volume Volume { get; } = volume;

    public string Name => Volume.Name;

    /// <summary>Whether the user may see which containers use it.</summary>
    public bool ShowsUsers { get; } = showsUsers;

    /// <summary>The containers that use it, those that run first; empty when the user may not see them.</summary>
    public IReadOnlyList<VolumeUser> Users { get; } = showsUsers
        ? [.. volume.Users.OrderByDescending(user => user.Running).ThenBy(user => user.Name, StringComparer.OrdinalIgnoreCase)]
        : [];

    public DateTimeOffset? Created { get; } = volume.CreatedAt?.ToDateTimeOffset();

    public VolumeKey Key => new(NodeId, Name);

    public string Stack => Volume.Labels.TryGetValue(ListGroup.StackLabel, out var stack) ? stack : "";

    public string Href => $"nodes/{NodeId}/volumes/{Uri.EscapeDataString(Name)}";

    public bool IsUsed => Volume.Users.Count > 0;

    public long? Size => Volume.HasSizeBytes ? Volume.SizeBytes : null;

    /// <summary>What it is made of, from its options: a plain folder, memory, a folder of the host, a server's.</summary>
    public string Kind => Volume.Options.GetValueOrDefault("type", "") switch
    {
        "" when Volume.Options.Count == 0 => "folder",
        "tmpfs" => "memory",
        "nfs" or "nfs4" => "NFS",
        "cifs" => "SMB",
        "none" or "" => "bind",
        var type => type,
    };

    /// <summary>What to call it by: an anonymous one by the beginning of its name.</summary>
    public string Title => Volume.Anonymous && Name.Length > 16 ? Name[..12] + "…" : Name;

    /// <summary>Whether its name, a label, or a container that uses it fits.</summary>
    public bool Matches(string search) =>
        RowText.Has(Name, search)
        || RowText.HasLabel(Volume.Labels, search)
        || Users.Any(user => RowText.Has(user.Name, search));
}
