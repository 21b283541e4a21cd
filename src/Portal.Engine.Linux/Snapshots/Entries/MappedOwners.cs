using System.Buffers.Binary;
using Portal.Engine.Archives;
using Portal.Engine.Errors;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Linux.Snapshots.Entries;

/// <summary>
/// Translates owners between an archive, which has a container's ids, and a mounted root, which shows what stands for them on the host:
/// of files, of file capabilities (capabilities(7), "Namespaced file capabilities") and in access lists (acl(5)).
/// </summary>
internal static class MappedOwners
{
    private const string Capability = "security.capability";
    private const string AccessListPrefix = "system.posix_acl_";

    // linux/capability.h: struct vfs_cap_data, and vfs_ns_cap_data, which has the id of the namespace's root in addition.
    private const uint RevisionMask = 0xFF000000;
    private const uint Revision2 = 0x02000000;
    private const uint Revision3 = 0x03000000;
    private const int PlainLength = 20;
    private const int NamespacedLength = 24;

    // linux/posix_acl_xattr.h: a version, then entries of tag, permissions and id.
    private const int AccessListHeader = 4;
    private const int AccessListEntry = 8;
    private const ushort NamedUser = 0x02;
    private const ushort NamedGroup = 0x08;

    /// <summary>What an archive says of something that the host shows.</summary>
    public static TarEntry ToInside(TarEntry entry, IdMapping ids)
    {
        return entry with
        {
            UserId = ids.UserInside(entry.UserId) ?? IdMapping.Nobody,
            GroupId = ids.GroupInside(entry.GroupId) ?? IdMapping.Nobody,
            ExtendedAttributes = Translate(
                entry.ExtendedAttributes,
                value => CapabilityInside(value, ids),
                id => ids.UserInside(id) ?? IdMapping.Nobody,
                id => ids.GroupInside(id) ?? IdMapping.Nobody),
        };
    }

    /// <summary>What the host must do for what an archive says.</summary>
    /// <exception cref="EngineException">InvalidArgument: nothing on the host stands for an owner.</exception>
    public static TarEntry ToHost(TarEntry entry, IdMapping ids)
    {
        uint User(uint id) => ids.UserOnHost(id) ?? throw Unmapped("user", id, entry);
        uint Group(uint id) => ids.GroupOnHost(id) ?? throw Unmapped("group", id, entry);
        return entry with
        {
            UserId = User(entry.UserId),
            GroupId = Group(entry.GroupId),
            ExtendedAttributes = Translate(entry.ExtendedAttributes, value => CapabilityOnHost(value, User), User, Group),
        };
    }

    private static EngineException Unmapped(string kind, uint id, TarEntry entry) => EngineException.InvalidArgument(
        $"Container ID {id} cannot be mapped to a host ID: the {kind} of '{entry.Path}' is not in the container's user namespace");

    private static IReadOnlyDictionary<string, byte[]> Translate(
        IReadOnlyDictionary<string, byte[]> attributes, Func<byte[], byte[]?> capability, Func<uint, uint> user, Func<uint, uint> group)
    {
        if (!attributes.Keys.Any(name => name == Capability || name.StartsWith(AccessListPrefix, StringComparison.Ordinal)))
        {
            return attributes;
        }

        var translated = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, value) in attributes)
        {
            var other = name == Capability ? capability(value)
                : name.StartsWith(AccessListPrefix, StringComparison.Ordinal) ? AccessList(value, user, group)
                : value;
            if (other is not null)
            {
                translated[name] = other;
            }
        }

        return translated;
    }

    /// <summary>One of the container's root becomes a plain one; one of another namespace's root means nothing inside.</summary>
    private static byte[]? CapabilityInside(byte[] value, IdMapping ids)
    {
        if (!IsCapability(value, Revision3, NamespacedLength))
        {
            return value;
        }

        var root = ids.UserInside(BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(PlainLength)));
        return root switch
        {
            null => null,
            0 => WithRevision(value[..PlainLength], Revision2),
            { } other => WithRoot(value, other),
        };
    }

    private static byte[] CapabilityOnHost(byte[] value, Func<uint, uint> user)
    {
        return IsCapability(value, Revision2, PlainLength) ? WithRoot([.. WithRevision(value, Revision3), 0, 0, 0, 0], user(0))
            : IsCapability(value, Revision3, NamespacedLength)
                ? WithRoot(value, user(BinaryPrimitives.ReadUInt32LittleEndian(value.AsSpan(PlainLength))))
            : value;
    }

    private static bool IsCapability(byte[] value, uint revision, int length) =>
        value.Length == length && (BinaryPrimitives.ReadUInt32LittleEndian(value) & RevisionMask) == revision;

    private static byte[] WithRevision(byte[] value, uint revision)
    {
        var copy = value.ToArray();
        var word = BinaryPrimitives.ReadUInt32LittleEndian(copy);
        BinaryPrimitives.WriteUInt32LittleEndian(copy, (word & ~RevisionMask) | revision);
        return copy;
    }

    private static byte[] WithRoot(byte[] value, uint root)
    {
        var copy = value.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(copy.AsSpan(PlainLength), root);
        return copy;
    }

    private static byte[] AccessList(byte[] value, Func<uint, uint> user, Func<uint, uint> group)
    {
        var copy = value.ToArray();
        for (var at = AccessListHeader; at + AccessListEntry <= copy.Length; at += AccessListEntry)
        {
            var tag = BinaryPrimitives.ReadUInt16LittleEndian(copy.AsSpan(at));
            var id = copy.AsSpan(at + sizeof(uint), sizeof(uint));
            if (tag is NamedUser or NamedGroup)
            {
                var old = BinaryPrimitives.ReadUInt32LittleEndian(id);
                BinaryPrimitives.WriteUInt32LittleEndian(id, tag == NamedUser ? user(old) : group(old));
            }
        }

        return copy;
    }
}
