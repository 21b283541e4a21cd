namespace Portal.Architecture.Tests.Languages;

/// <summary>No text that people read stands bare in a page or a script.</summary>
public sealed class BareTextTests
{
    // What the command line of the portal says.
    private static readonly string[] s_console = ["Backups/BackupCommand.cs", "Backups/BackupAddress.cs"];

    [Fact]
    public void Markup_OfPages_HasNoBareText()
    {
        var found = SourceTexts.Files("*.razor")
            .SelectMany(file => BareText.InMarkup(File.ReadAllText(Path.Combine(SourceTexts.Root, file))).Select(text => $"{file}: {text}"))
            .ToList();

        Assert.True(found.Count == 0, $"Write T(\"...\") around these (docs/languages.md):\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Code_OfPages_HasNoBareSentence()
    {
        var found = SourceTexts.Files("*.razor", "*.razor.cs")
            .SelectMany(file => BareText.InCode(File.ReadAllText(Path.Combine(SourceTexts.Root, file)), file).Select(text => $"{file}: {text}"))
            .ToList();

        Assert.True(found.Count == 0, $"Write T(\"...\") around these (docs/languages.md):\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Scripts_HaveNoBareSentence()
    {
        var found = SourceTexts.Files("*.js")
            .SelectMany(file => BareText.InScript(File.ReadAllText(Path.Combine(SourceTexts.Root, file))).Select(text => $"{file}: {text}"))
            .ToList();

        Assert.True(found.Count == 0, $"Write text(\"...\") around these (docs/languages.md):\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Refusals_ThatPagesShow_AreMarked()
    {
        var found = SourceTexts.Files("*.cs").Except(s_console)
            .SelectMany(file => BareText.Refusals(File.ReadAllText(Path.Combine(SourceTexts.Root, file))).Select(text => $"{file}: {text}"))
            .ToList();

        Assert.True(found.Count == 0, $"Write N(\"...\") or E(\"...\") around these (docs/languages.md):\n{string.Join('\n', found)}");
    }

    // Kept, recorded and answered to programs as they are: pages tell them to their reader.
    [Fact]
    public void Refusals_AreSaidInEnglish()
    {
        var found = SourceTexts.Files("*.cs", "*.razor")
            .SelectMany(file => BareText.Translated(File.ReadAllText(Path.Combine(SourceTexts.Root, file))).Select(text => $"{file}: {text}"))
            .ToList();

        Assert.True(found.Count == 0, $"Write N(\"...\") or E(\"...\") in place of T(\"...\") (docs/languages.md):\n{string.Join('\n', found)}");
    }

    [Fact]
    public void StepsOfDeployments_AreMarked()
    {
        var found = SourceTexts.Files("*.cs").Where(file => file.StartsWith("Features/Deployments/", StringComparison.Ordinal))
            .SelectMany(file => BareText.Steps(File.ReadAllText(Path.Combine(SourceTexts.Root, file))).Select(text => $"{file}: {text}"))
            .ToList();

        Assert.True(found.Count == 0, $"Write N(\"...\") or E(\"...\") around these (docs/languages.md):\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Texts_KeptInStatics_AreNotInTheLanguageOfWhoCameFirst()
    {
        var found = SourceTexts.Files("*.razor", "*.cs")
            .SelectMany(file => BareText.InStatics(File.ReadAllText(Path.Combine(SourceTexts.Root, file))).Select(text => $"{file}: {text}"))
            .ToList();

        Assert.True(found.Count == 0, $"Write N(\"...\") where these are kept and T(...) where they are shown (docs/languages.md):\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Notices_HaveNoBareWord()
    {
        var found = SourceTexts.Files("*.razor", "*.cs")
            .SelectMany(file => BareText.InNotices(File.ReadAllText(Path.Combine(SourceTexts.Root, file))).Select(text => $"{file}: {text}"))
            .ToList();

        Assert.True(found.Count == 0, $"Write T(\"...\") around these (docs/languages.md):\n{string.Join('\n', found)}");
    }

    [Theory]
    [InlineData("private static readonly string s_a = T(\"Gone\");", 1)]
    [InlineData("private static readonly (int, string)[] s_a =\n[\n  (1, T(\"Gone; or not\")),\n];", 1)]
    [InlineData("private static readonly string s_a = N(\"Gone\");", 0)]
    [InlineData("private static readonly Func<string> s_a = () => T(\"Gone\");", 0)]
    [InlineData("private static string A => T(\"Gone\");", 0)]
    [InlineData("private static string A(int n = 1)\n{\n  return T(\"Gone\");\n}", 0)]
    public void InStatics_TextsOfOneLanguage_AreFound(string code, int count) => Assert.Equal(count, BareText.InStatics(code).Count());

    [Theory]
    [InlineData("Dialogs.Done(\"Saved\");", 1)]
    [InlineData("Dialogs.Failed($\"Not {name}\", why);", 1)]
    [InlineData("Dialogs.Done(T(\"Saved\"));", 0)]
    public void InNotices_BareWords_AreFound(string code, int count) => Assert.Equal(count, BareText.InNotices(code).Count());

    [Theory]
    [InlineData("<p>Loading now</p>")]
    [InlineData("<p>@Count nodes</p>")]
    [InlineData("@if (_a)\n{\n  <b>Gone</b>\n}")]
    [InlineData("<input title=\"Search\" />")]
    [InlineData("<EmptyState Title=\"Nothing\" />")]
    [InlineData("<Meter Label=\"@($\"Disk of {Name}\")\" />")]
    [InlineData("<p>@(_on ? \"on\" : \"off\")</p>")]
    public void InMarkup_BareText_IsFound(string markup) => Assert.NotEmpty(BareText.InMarkup(markup));

    [Theory]
    [InlineData("<p>@T(\"Loading now\")</p>")]
    [InlineData("<p class=\"p-faint\">@Plural(Count, \"{0} node\", \"{0} nodes\") · @Name</p>")]
    [InlineData("@* A comment with words. *@\n@foreach (var node in Nodes)\n{\n  var name = node.Name;\n  <b>@name</b>\n}\nelse\n{\n}")]
    [InlineData("<input title=\"@T(\"Search\")\" class=\"p-wide\" /><kbd>Ctrl</kbd><code>PORTAL_RUN</code>")]
    [InlineData("<p>@(_on ? T(\"on\") : T(\"off\"))</p><PageTitle>@T(\"Nodes\") · Portal</PageTitle>")]
    public void InMarkup_MarkedText_IsNot(string markup) => Assert.Empty(BareText.InMarkup(markup));

    [Theory]
    [InlineData("throw new StackException(\"It is gone.\");", 1)]
    [InlineData("throw new HookException(\n    $\"'{name}' is gone.\", failure);", 1)]
    [InlineData("throw new NodeRefusalException(0, $\"{what} failed.\");", 1)]
    [InlineData("throw new JobException(N(\"It is gone.\"));", 0)]
    [InlineData("throw new StackException(failure.Message, failure);", 0)]
    public void Refusals_BareOnes_AreFound(string code, int count) => Assert.Equal(count, BareText.Refusals(code).Count());

    [Theory]
    [InlineData("throw new JobException(T(\"It is gone.\"));", 1)]
    [InlineData("?? throw new NodeRefusalException(\n    404, T(\"'{0}' is gone.\", name), failure);", 1)]
    [InlineData("throw new JobException(E(\"'{0}' is gone.\", name));", 0)]
    public void Translated_RefusalsInTheReadersLanguage_AreFound(string code, int count) =>
        Assert.Equal(count, BareText.Translated(code).Count());

    [Theory]
    [InlineData("await journal.StepAsync(phase, \"Watch it\", Work);", 1)]
    [InlineData("await context.Journal.WriteAsync(\n    $\"'{name}' is lost.\", true, token);", 1)]
    [InlineData("await context.Journal.WriteAsync($\"  {line}\", true, token);", 0)]
    [InlineData("await step.SayAsync(E(\"{0} is lost.\", name), token);", 0)]
    public void Steps_BareOnes_AreFound(string code, int count) => Assert.Equal(count, BareText.Steps(code).Count());

    [Theory]
    [InlineData("_error = \"The name is taken.\";", 1)]
    [InlineData("_done = $\"Removed {name} now.\";", 1)]
    [InlineData("_error = T(\"The name is taken.\");", 0)]
    [InlineData("throw new InvalidOperationException(\"The page is gone.\");", 0)]
    [InlineData("return Plural(n, \"One thing is gone.\", \"{0} things are gone.\");", 0)]
    public void InCode_Sentences_AreFoundUnlessMarked(string code, int count) => Assert.Equal(count, BareText.InCode(code, "A.razor.cs").Count());

    [Theory]
    [InlineData("said.textContent = 'It is gone.';", 1)]
    [InlineData("const said = `Reading ${count} lines`;", 1)]
    [InlineData("said.textContent = text('It is gone.');", 0)]
    [InlineData("// Says 'It is gone.' to people.\nsay(text(\"It is gone.\"));", 0)]
    [InlineData("element.dispatchEvent(new Event('change'), 'Escape');", 0)]
    public void InScript_Sentences_AreFoundUnlessMarked(string script, int count) => Assert.Equal(count, BareText.InScript(script).Count());
}
