using System.Globalization;
using System.Text;

namespace Portal.Testing;

/// <summary>
/// Reads Prometheus' text format as strictly as <c>promtool check metrics</c> does: a family is told once and whole, its type is known
/// before its samples, no series comes twice, counters end in <c>_total</c>.
/// </summary>
public sealed class ExpositionText
{
    private readonly Dictionary<string, string> _types = [];
    private readonly HashSet<string> _helps = [];
    private readonly Dictionary<string, double> _samples = [];
    private string _family = "";

    /// <summary>Values by name and labels, as <c>name{a="b",c="d"}</c> with unescaped values and labels in their order.</summary>
    public IReadOnlyDictionary<string, double> Samples => _samples;

    /// <exception cref="FormatException">It is not in the format; says where.</exception>
    public static ExpositionText Parse(string text)
    {
        var parsed = new ExpositionText();
        Demand(text.Length == 0 || text.EndsWith('\n'), "The last line does not end.", "");
        foreach (var line in text.Split('\n')[..^1])
        {
            parsed.Take(line);
        }

        return parsed;
    }

    private void Take(string line)
    {
        if (line.StartsWith("# HELP ", StringComparison.Ordinal))
        {
            var name = line[7..].Split(' ')[0];
            Demand(IsName(name) && line.Length > 8 + name.Length, "No help", line);
            Demand(_helps.Add(name), "Helped twice", line);
        }
        else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
        {
            var words = line[7..].Split(' ');
            Demand(words is [_, "counter" or "gauge"] && IsName(words[0]), "No type", line);
            Demand(_helps.Contains(words[0]), "Typed before its help", line);
            Demand(words[1] == "counter" == words[0].EndsWith("_total", StringComparison.Ordinal), "Name and type disagree", line);
            Demand(_types.TryAdd(words[0], words[1]), "Typed twice", line);
            _family = words[0];
        }
        else
        {
            TakeSample(line);
        }
    }

    private void TakeSample(string line)
    {
        var end = line.IndexOfAny(['{', ' ']);
        Demand(end > 0, "No sample", line);
        Demand(line[..end] == _family, "Not beneath its type", line);
        var key = new StringBuilder(line[..end]);
        var position = end;
        if (line[position] == '{')
        {
            var names = new HashSet<string>();
            do
            {
                position = TakeLabel(line, position + 1, names, key.Append(names.Count == 0 ? '{' : ','));
            }
            while (line[position] == ',');
            Demand(line[position] == '}', "Labels do not end", line);
            key.Append('}');
            position++;
        }

        Demand(line[position] == ' ', "No value", line);
        var text = line[(position + 1)..];
        var value = text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
                : throw new FormatException($"No number: {line}"),
        };
        Demand(_samples.TryAdd(key.ToString(), value), "Told twice", line);
    }

    private static int TakeLabel(string line, int position, HashSet<string> names, StringBuilder key)
    {
        var equals = line.IndexOf('=', position);
        Demand(equals > 0 && IsName(line[position..equals]) && names.Add(line[position..equals]), "No label", line);
        Demand(line[equals + 1] == '"', "No quote", line);
        key.Append(line[position..(equals + 1)]).Append('"');
        for (position = equals + 2; line[position] != '"'; position++)
        {
            if (line[position] == '\\')
            {
                position++;
                Demand(line[position] is '\\' or '"' or 'n', "No escape", line);
                key.Append(line[position] == 'n' ? '\n' : line[position]);
            }
            else
            {
                key.Append(line[position]);
            }
        }

        key.Append('"');
        return position + 1;
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static void Demand(bool condition, string problem, string line)
    {
        if (!condition)
        {
            throw new FormatException($"{problem}: {line}");
        }
    }
}
