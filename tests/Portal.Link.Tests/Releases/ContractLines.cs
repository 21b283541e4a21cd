using System.Reflection;
using Google.Protobuf.Reflection;
using Portal.Contracts.Hubs;
using Portal.Contracts.System.V1;

namespace Portal.Link.Tests.Releases;

/// <summary>All that portals and agents say to each other, a line each, such that a line that goes away or changes breaks somebody.</summary>
internal static class ContractLines
{
    private static readonly Assembly s_contracts = typeof(SystemService).Assembly;

    /// <summary>The lines of this tree, in the order of their characters.</summary>
    public static IReadOnlyList<string> Now { get; } =
    [
        .. Files().SelectMany(OfFile).Concat(JsonTypes().SelectMany(OfType)).Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>What somebody of before misses.</summary>
    /// <param name="before">The lines that they go by.</param>
    /// <param name="now">What there is.</param>
    public static IReadOnlyList<string> Missing(IEnumerable<string> before, IEnumerable<string> now) =>
        [.. before.Where(line => line.Length > 0).Except(now)];

    private static IEnumerable<FileDescriptor> Files() => s_contracts.GetTypes()
        .Where(type => type.Name.EndsWith("Reflection", StringComparison.Ordinal))
        .Select(type => type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null))
        .OfType<FileDescriptor>();

    private static IEnumerable<string> OfFile(FileDescriptor file) =>
        file.Services.SelectMany(service => service.Methods.Select(OfMethod))
            .Concat(file.MessageTypes.SelectMany(OfMessage))
            .Concat(file.EnumTypes.SelectMany(OfEnum));

    private static string OfMethod(MethodDescriptor method) =>
        $"rpc {method.FullName}({Stream(method.IsClientStreaming)}{method.InputType.FullName}) "
        + $"returns ({Stream(method.IsServerStreaming)}{method.OutputType.FullName})";

    private static string Stream(bool streams) => streams ? "stream " : "";

    private static IEnumerable<string> OfMessage(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder().Select(OfField)
            .Concat(message.NestedTypes.SelectMany(OfMessage))
            .Concat(message.EnumTypes.SelectMany(OfEnum));

    private static string OfField(FieldDescriptor field)
    {
        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            var plain => plain.ToString().ToLowerInvariant(),
        };
        return $"field {field.FullName} = {field.FieldNumber} {(field.IsRepeated ? "repeated " : "")}{type}";
    }

    private static IEnumerable<string> OfEnum(EnumDescriptor type) =>
        type.Values.Select(value => $"enum {type.FullName}.{value.Name} = {value.Number}");

    // What goes as JSON: bodies of the link's requests and what hubs take and send.
    private static IEnumerable<Type> JsonTypes() => s_contracts.GetExportedTypes()
        .Where(type => type.Namespace == typeof(ITelemetryHub).Namespace
            || (type.Namespace == typeof(Portal.Contracts.Link.LinkProof).Namespace && !(type.IsAbstract && type.IsSealed)));

    private static IEnumerable<string> OfType(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(name => $"json {type.Name}.{name}");
        }

        var methods = type.IsInterface
            ? type.GetMethods().Select(method =>
                $"hub {type.Name}.{method.Name}({string.Join(", ", method.GetParameters().Select(one => Name(one.ParameterType)))}) {Name(method.ReturnType)}")
            : [];
        return methods.Concat(type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Select(property => $"json {type.Name}.{property.Name} {Name(property.PropertyType)}"));
    }

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.IsArray ? Name(type.GetElementType()!) + "[]" : type.Name;
}
