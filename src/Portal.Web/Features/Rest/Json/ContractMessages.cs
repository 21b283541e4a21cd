using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Portal.Web.Features.Rest.Json;

/// <summary>
/// Messages of the contract between portal and agents as JSON: their fields by their names in camel case, enums as words,
/// numbers as numbers. What is said
/// of a field there is true here, and a new field needs nothing more.
/// </summary>
internal static class ContractMessages
{
    public static void Shape(JsonTypeInfo type)
    {
        if (!typeof(IMessage).IsAssignableFrom(type.Type) || type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        var fields = DescriptorOf(type.Type).Fields.InDeclarationOrder().ToDictionary(field => field.PropertyName);
        var properties = type.Properties.ToList();
        type.Properties.Clear();
        foreach (var property in properties)
        {
            var name = (property.AttributeProvider as System.Reflection.PropertyInfo)?.Name;
            if (name is not null && fields.TryGetValue(name, out var field))
            {
                Shape(type, property, field);
                type.Properties.Add(property);
            }
        }
    }

    private static void Shape(JsonTypeInfo type, JsonPropertyInfo property, FieldDescriptor field)
    {
        property.Name = field.JsonName;
        if (field.IsRepeated || field.IsMap)
        {
            // They have no setter: what is read is put into the collection that is there.
            property.ObjectCreationHandling = JsonObjectCreationHandling.Populate;
            property.Set = static (_, value) => _ = value ?? throw new JsonException("A list or map can't be null.");
        }

        property.IsGetNullable = property.IsSetNullable = IsMessage(field) && !field.IsRepeated && !field.IsMap;
        if (field.HasPresence && !IsMessage(field) && type.Type.GetProperty("Has" + field.PropertyName) is { } has)
        {
            property.ShouldSerialize = (message, _) => (bool)has.GetValue(message)!;
        }
    }

    private static bool IsMessage(FieldDescriptor field) => field.FieldType is FieldType.Message;

    private static MessageDescriptor DescriptorOf(Type type) =>
        (MessageDescriptor)type.GetProperty("Descriptor", System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)!
            .GetValue(null)!;
}
