using Portal.Compose.Editing;

namespace Portal.Compose.Tests.Editing;

/// <summary>Whatever the file and the value are: an edit says just what was meant, or there is none.</summary>
public sealed class ComposeTextFuzzTests
{
    private const int Rounds = 1_500;

    private const string Whole = """
        # head
        services:
          web:
            image: "busybox:1"   # one
            ports: ["1:1", '2:2', 3]
            environment:
              A: x # note
              'B': "y"
              C:
            volumes:
            - a:/a

            - b:/b
            deploy: {replicas: 2}
            command: |-
              text
               more
          db:
            image: postgres
            healthcheck:
              test: [CMD, "true"]
              interval: 5s

        volumes:
          a:
        """;

    private static readonly string[] s_values =
    [
        "x", "no", "0x1", "1e3", "1:2", "", " a", "a ", "a: b", "a:", "a #b", "#a", "- a", "-", "?", "? a", "*a", "&a b", "!t x", "|", ">", "%a", "@a",
        "`a", "'", "''", "\"", "\\", "{}", "[a", "a,b", "a]", "null", "~", "true", "---", "...", "<<", "$", "${A}", "$$", "a\tb", "a\nb", "a\r\nb", "\n",
        "\u0085", "\u2028", "\uFEFF", "\u00A0", "\0", "\u001B", "é", "漢", "\U0001F600", "\uD800", "22:22", "2026-01-01", "=", ".inf", "1_000", "+1",
    ];

    private static readonly string[] s_pieces =
        ["&a ", "*a", "<<: ", "!reset ", "- ", ": ", "{", "}", "[", "]", "|\n", ">+\n", "\n", "\r\n", "\r", "\t", "  ", "\"", "'", "# ", "null", "---\n",
            "? ", "\0", "\uFEFF", "é", "\U0001F600", "\u0085", "\u2028", ",", "a: b\n"];

    private static readonly PathStep[][] s_paths =
    [
        ["services", "web", "image"], ["services", "web", "restart"], ["services", "web", "environment", "A"], ["services", "web", "environment", "C"],
        ["services", "web", "environment", "D"], ["services", "web", "ports", 1], ["services", "web", "volumes", 1], ["services", "web", "deploy", "replicas"],
        ["services", "web", "deploy", "mode"], ["services", "db", "healthcheck", "interval"], ["services", "db", "healthcheck", "test", 1],
        ["services", "new", "image"], ["volumes", "b", "name"], ["services", "web", "deploy", "resources", "limits", "cpus"],
    ];

    private static readonly PathStep[][] s_lists =
        [["services", "web", "ports"], ["services", "web", "volumes"], ["services", "db", "ports"], ["services", "db", "healthcheck", "test"]];

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Set_AnyValueAnywhere_IsReadBackAndNothingElseChanges(string lineBreak)
    {
        var text = Whole.Replace("\n", lineBreak, StringComparison.Ordinal);
        var file = ComposeText.Read(text);
        foreach (var value in s_values.Where(value => value != "\uD800"))
        {
            foreach (var path in s_paths)
            {
                var edit = file.Set(path, value);
                Assert.True(edit is not null, $"'{value}' at {string.Join('/', path)}");
                Holds(text, edit);
                if (!value.Contains('\n'))
                {
                    Assert.Equal(value, edit.After.Field(path).Text);
                    Assert.Equal(file.Set(path, value)!.After.Text, edit.After.Set(path, value)?.After.Text);
                }
            }

            foreach (var path in s_lists)
            {
                var edit = file.AddItem(path, value);
                Assert.True(edit is not null, $"'{value}' to {string.Join('/', path)}");
                Holds(text, edit);
                Assert.Equal(file.Group(path).Entries.Count + 1, edit.After.Group(path).Entries.Count);
            }
        }
    }

    [Fact]
    public void Set_WhatNoTextCanHold_IsRefused() => Assert.Null(ComposeText.Read(Whole).Set(["services", "web", "image"], "\uD800"));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Edit_OfDamagedFiles_ChangesOnePlaceOrNothing(int seed)
    {
        var random = new Random(seed);
        var done = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var text = Whole;
            for (var damage = random.Next(1, 4); damage > 0; damage--)
            {
                var at = random.Next(text.Length);
                var length = random.Next(2) == 0 ? 0 : random.Next(Math.Min(12, text.Length - at));
                text = string.Concat(text.AsSpan(0, at), s_pieces[random.Next(s_pieces.Length)], text.AsSpan(at + length));
            }

            var file = ComposeText.Read(text);
            var path = s_paths[random.Next(s_paths.Length)];
            var value = s_values[random.Next(s_values.Length)];
            foreach (var edit in new[]
            {
                file.Set(path, value), file.Remove(path), file.Rename(path, value), file.AddItem(s_lists[random.Next(s_lists.Length)], value),
            })
            {
                if (edit is not null)
                {
                    done++;
                    Holds(text, edit);
                }
            }

            foreach (var service in file.Services)
            {
                _ = file.Pairs("services", service, "environment");
                _ = file.Group("services", service, "ports");
                _ = file.Field("services", service, "image");
            }
        }

        Assert.InRange(done, Rounds / 4, Rounds * 4);
    }

    // All that is before and behind stays, to the character; and what is read is what stands there.
    private static void Holds(string before, ComposeEdit edit)
    {
        var (start, length, text) = edit.Splice;
        Assert.Equal(before[..start] + text + before[(start + length)..], edit.After.Text);
        Assert.Null(ComposeText.Read(edit.After.Text).Problem);
        Assert.InRange(edit.Line, 1, edit.After.Text.Split('\n').Length);
    }
}
