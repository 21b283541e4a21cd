using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Portal.Web.Nodes.Telemetry;

/// <summary>
/// Finds what a message from a node must have and lacks. JSON puts null wherever a member is null or not there at all, whatever its
/// type says, and a null that gets past here fails in whichever page shows it.
/// </summary>
internal static class MissingMembers
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    // Options that nobody has serialized with yet describe a type anew each time that they are asked, with reflection and code that is
    // made for it: for each container of each message that was most of what many nodes cost.
    private static readonly ConcurrentDictionary<Type, Member[]> s_members = new();

    /// <returns>Where it lacks something, such as <c>containers[3].ports[0]</c>; null when all is there.</returns>
    public static string? Find(object? message) => Find(message, "");

    private static string? Find(object? value, string path)
    {
        switch (value)
        {
            case null:
                return path.Length == 0 ? "the message itself" : path;
            case string or ValueType:
                return null;
            case IDictionary pairs:
                return Find(pairs, path);
            case IEnumerable items:
                return Find(items, path);
            default:
                return FindInMembers(value, path);
        }
    }

    private static string? Find(IDictionary pairs, string path)
    {
        foreach (DictionaryEntry pair in pairs)
        {
            if (Find(pair.Value, $"{path}[\"{pair.Key}\"]") is { } missing)
            {
                return missing;
            }
        }

        return null;
    }

    private static string? Find(IEnumerable items, string path)
    {
        var index = 0;
        foreach (var item in items)
        {
            if (item is not string && Find(item, $"{path}[{index}]") is { } missing)
            {
                return missing;
            }

            index++;
        }

        return null;
    }

    private static string? FindInMembers(object value, string path)
    {
        foreach (var member in s_members.GetOrAdd(value.GetType(), static type => MembersOf(type)))
        {
            var content = member.Get(value);
            if (content is null && member.MayBeNull)
            {
                continue;
            }

            // Most members are text: no path is made for those.
            if (content is not string && Find(content, path.Length == 0 ? member.Name : $"{path}.{member.Name}") is { } missing)
            {
                return missing;
            }
        }

        return null;
    }

    // Numbers and times are there or are allowed not to be, as are texts that may be null: nothing of those has to be looked at.
    private static Member[] MembersOf(Type type) =>
    [
        .. s_options.GetTypeInfo(type).Properties
            .Where(member => !member.PropertyType.IsValueType && !(member.PropertyType == typeof(string) && member.IsGetNullable))
            .Select(member => new Member(member.Name, member.Get!, member.IsGetNullable)),
    ];

    private sealed record Member(string Name, Func<object, object?> Get, bool MayBeNull);
}
