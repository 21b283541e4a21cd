using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Compose.Proposals;

namespace Portal.Compose.Templates;

/// <summary>
/// One of Portainer's app templates put into Compose's words: a container, or a stack whose file is in a repository. Stacks for Swarm
/// are left out.
/// </summary>
/// <param name="Title">Its title.</param>
/// <param name="Text">The Compose file, or what stands before it; null when it is left out.</param>
/// <param name="File">Where the rest is; null for a container.</param>
/// <param name="Problem">Why it is left out.</param>
internal sealed partial record PortainerTemplate(string Title, string? Text, CatalogueFile? File, string Problem)
{
    private const int ShortText = 128;
    private const int LongText = 1024;
    private const int MostVariables = 50;

    public static PortainerTemplate Read(JsonElement? item)
    {
        var title = Cut(item.Text("title"), ShortText);
        var type = item.Find("type") is { } kind && kind.ToString() is { Length: 1 } digit ? digit : "1";
        if (title.Length == 0)
        {
            return new PortainerTemplate("?", null, null, "it has no title.");
        }

        if (type == "2")
        {
            return new PortainerTemplate(title, null, null, "it is for Swarm.");
        }

        if (item.Text("platform") is { Length: > 0 } platform && platform != "linux")
        {
            return new PortainerTemplate(title, null, null, $"it is for {Cut(platform, ShortText)}.");
        }

        var variables = item.Items("env").Where(variable => variable.Text("name").Length > 0).ToList();
        if (variables.Count > MostVariables || variables.Any(variable => !Names().IsMatch(variable.Text("name"))))
        {
            return new PortainerTemplate(title, null, null, "it has too many variables, or one whose name is none.");
        }

        var text = new YamlText();
        WriteHead(text, item, title, variables);
        if (type == "1")
        {
            return item.Text("image").Length > 0 ? new PortainerTemplate(title, WithContainer(text, item, variables), null, "")
                : new PortainerTemplate(title, null, null, "it names no image.");
        }

        var repository = item.Find("repository");
        var (url, path) = (repository.Text("url"), repository.Text("stackfile"));
        return url.StartsWith("https://", StringComparison.Ordinal) && path.Length > 0 && !path.Split('/').Contains("..")
            ? new PortainerTemplate(title, text.ToString(), new CatalogueFile(url, path.TrimStart('/')), "")
            : new PortainerTemplate(title, null, null, "its file is in no repository over https.");
    }

    private static void WriteHead(YamlText text, JsonElement? item, string title, List<JsonElement?> variables)
    {
        text.Key(0, "x-template");
        text.Literal(2, "title", title);
        if (item.Texts("categories") is { Count: > 0 } categories)
        {
            text.Literal(2, "category", Cut(categories[0], ShortText));
        }

        if (Cut(item.Text("description"), LongText) is { Length: > 0 } description)
        {
            text.Literal(2, "description", description);
        }

        var asked = variables.Where(variable => !variable.Flag("preset")).DistinctBy(variable => variable.Text("name")).ToList();
        if (asked.Count == 0)
        {
            return;
        }

        text.Key(2, "variables");
        foreach (var variable in asked)
        {
            WriteVariable(text, variable);
        }
    }

    private static void WriteVariable(YamlText text, JsonElement? variable)
    {
        text.Key(4, variable.Text("name"));
        text.Literal(6, "label", Cut(variable.Text("label") is { Length: > 0 } label ? label : variable.Text("name"), ShortText));
        if (Cut(variable.Text("description"), LongText) is { Length: > 0 } help)
        {
            text.Literal(6, "help", help);
        }

        var choices = variable.Items("select").Where(choice => choice.Text("value").Length > 0 && IsPlain(choice.Text("value"))).ToList();
        var chosen = choices.FirstOrDefault(choice => choice.Flag("default")) ?? (choices.Count > 0 ? choices[0] : null);
        var value = chosen is null ? variable.Text("default") : chosen.Text("value");
        if (value.Length > 0 && IsPlain(value))
        {
            text.Literal(6, "default", value);
        }

        if (choices.Count > 0)
        {
            text.Key(6, "choices");
            foreach (var choice in choices.Select(choice => choice.Text("value")).Distinct())
            {
                text.LiteralItem(8, choice);
            }
        }

        if (Secrets().IsMatch(variable.Text("name")))
        {
            text.Plain(6, "secret", "true");
        }
    }

    private static string WithContainer(YamlText text, JsonElement? item, List<JsonElement?> variables)
    {
        var volumes = new List<string>();
        text.Key(0, "services");
        text.Key(2, "app");
        text.Value(4, "image", item.Text("image"));
        if (item.Text("command") is { Length: > 0 } command)
        {
            text.Value(4, "command", command);
        }

        text.Value(4, "restart", item.Text("restart_policy") is { Length: > 0 } restart ? restart : "unless-stopped");
        if (item.Text("hostname") is { Length: > 0 } hostname)
        {
            text.Value(4, "hostname", hostname);
        }

        if (item.Text("network") is "host" or "none" or "bridge")
        {
            text.Value(4, "network_mode", item.Text("network"));
        }

        foreach (var (found, key) in new[] { ("privileged", "privileged"), ("interactive", "tty"), ("interactive", "stdin_open") })
        {
            if (item.Flag(found))
            {
                text.Plain(4, key, "true");
            }
        }

        text.List(4, "ports", [.. (item.Texts("ports") ?? []).Select(PortOf)]);
        WriteEnvironment(text, variables);
        WriteLabels(text, item);
        text.List(4, "volumes", [.. item.Items("volumes").Where(volume => volume.Text("container").StartsWith('/'))
            .Select((volume, index) => VolumeOf(volume, index, volumes))]);
        if (volumes.Count > 0)
        {
            text.Key(0, "volumes");
            volumes.ForEach(volume => text.Key(2, volume));
        }

        return text.ToString();
    }

    private static void WriteEnvironment(YamlText text, List<JsonElement?> variables)
    {
        if (variables.Count > 0)
        {
            text.Key(4, "environment");
        }

        foreach (var variable in variables.DistinctBy(variable => variable.Text("name")))
        {
            if (variable.Flag("preset"))
            {
                text.Value(6, variable.Text("name"), variable.Text("default"));
            }
            else
            {
                text.Plain(6, variable.Text("name"), $"${{{variable.Text("name")}}}");
            }
        }
    }

    private static void WriteLabels(YamlText text, JsonElement? item)
    {
        var labels = item.Items("labels").Where(label => label.Text("name").Length > 0).DistinctBy(label => label.Text("name")).ToList();
        if (labels.Count > 0)
        {
            text.Key(4, "labels");
            labels.ForEach(label => text.Value(6, label.Text("name"), label.Text("value")));
        }
    }

    // "80/tcp" publishes at a port that the engine chooses; "8080:80" says which.
    private static string PortOf(string port) => port.EndsWith("/tcp", StringComparison.Ordinal) ? port[..^4] : port;

    private static string VolumeOf(JsonElement? volume, int index, List<string> named)
    {
        var bind = volume.Text("bind");
        if (!bind.StartsWith('/'))
        {
            bind = index == 0 ? "data" : $"data-{index + 1}";
            named.Add(bind);
        }

        return $"{bind}:{volume.Text("container")}{(volume.Flag("readonly") ? ":ro" : "")}";
    }

    private static bool IsPlain(string value) =>
        value.Length <= LongText && !value.Contains('$', StringComparison.Ordinal) && !value.Any(char.IsControl);

    private static string Cut(string text, int most)
    {
        // A dollar begins a variable in a Compose file, in words about it too.
        var plain = new string([.. text.Where(letter => letter != '$').Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim();
        return plain.Length <= most ? plain : plain[..most];
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Names();

    [GeneratedRegex("PASS|SECRET|TOKEN|API_?KEY", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Secrets();
}
