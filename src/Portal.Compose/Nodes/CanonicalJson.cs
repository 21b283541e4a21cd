using System.Text;
using System.Text.Json;

namespace Portal.Compose.Nodes;

/// <summary>Writes a normal form so that what means the same is the same text: keys in order, without what is the file's own.</summary>
public static class CanonicalJson
{
    public static string Write(ComposeNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            Write(writer, node);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, ComposeNode node)
    {
        switch (node)
        {
            case ComposeMap map:
                writer.WriteStartObject();
                foreach (var entry in map.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    if (!entry.Key.StartsWith("x-", StringComparison.Ordinal))
                    {
                        writer.WritePropertyName(entry.Key);
                        Write(writer, entry.Value);
                    }
                }

                writer.WriteEndObject();
                break;
            case ComposeList list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case ComposeScalar { IsNull: true }:
                writer.WriteNullValue();
                break;
            case ComposeScalar { Kind: ScalarKind.Bool } truth:
                writer.WriteBooleanValue(truth.Text == "true");
                break;
            case ComposeScalar scalar:
                writer.WriteStringValue(scalar.Text);
                break;
        }
    }
}
