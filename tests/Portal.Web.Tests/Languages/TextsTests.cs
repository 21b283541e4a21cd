using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.Testing;
using Portal.Web.Components.Shared;
using Portal.Web.Languages;

namespace Portal.Web.Tests.Languages;

public sealed class TextsTests
{
    [Theory]
    [InlineData("en", "Cancel")]
    [InlineData("de", "Abbrechen")]
    [InlineData("de-AT", "Abbrechen")]
    [InlineData("zh-Hans", "取消")]
    [InlineData("fr", "Cancel")]
    public void T_KnownText_IsInTheLanguageOfTheReader(string culture, string expected) =>
        Assert.Equal(expected, In(culture, () => Texts.T("Cancel")));

    [Fact]
    public void T_UnknownText_IsInEnglishWithoutItsNote() => Assert.Equal("Zorp", In("de", () => Texts.T("Zorp##a verb")));

    [Theory]
    [InlineData("en", "Processors: 90.5 %")]
    [InlineData("de", "Processors: 90,5 %")]
    public void T_ValueWhoseFormatHasTheSignsOfANote_IsWrittenInIt(string culture, string expected) =>
        Assert.Equal(expected, In(culture, () => Texts.T("{0}: {1:0.##} {2}", "Processors", 90.5, "%")));

    [Fact]
    public void T_EveryTextWithValues_TakesThemInEnglishToo()
    {
        object?[] values = [.. Enumerable.Range(0, 10).Select(value => (object)(value + 0.5))];
        var broken = TextCatalog.Of(Language.Find("de")!).Keys.Where(english => english.Contains("{0", StringComparison.Ordinal))
            .Where(english => Record.Exception(() => In("en", () => Texts.T(english, values))) is FormatException);

        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("en", "There is a role 'Ops' already.", "There is a role 'Ops' already.")]
    [InlineData("de", "There is a role 'Ops' already.", "Es gibt schon eine Rolle „Ops“.")]
    [InlineData("zh-Hans", "There is a role 'Ops' already.", "已有角色“Ops”。")]
    [InlineData("de", "There is no such role any more.", "Diese Rolle gibt es nicht mehr.")]
    [InlineData("de", "There is a role '{0} {9}' already.", "Es gibt schon eine Rolle „{0} {9}“.")]
    [InlineData("de", "There is a role 'two\nlines' already.", "Es gibt schon eine Rolle „two\nlines“.")]
    [InlineData("de", "The engine said something else.", "The engine said something else.")]
    [InlineData("en", "There is no image 'a##b'.", "There is no image 'a##b'.")]
    [InlineData("de", "", "")]
    public void Told_WhatWasSaidInEnglish_IsInTheLanguageOfTheReaderWhereItIsKnown(string culture, string said, string expected) =>
        Assert.Equal(expected, In(culture, () => Texts.Told(said)));

    [Fact]
    public void Told_ASentenceWithinAnother_IsToldToo() => Assert.Equal(
        "Der neue Agent konnte nicht gesendet werden: Der Node gab keine Antwort. Versuchen Sie es noch einmal. Nichts wurde geändert.",
        In("de", () => Texts.Told("The new agent could not be sent: The node gave no answer. Try again. Nothing was changed.")));

    [Theory]
    [InlineData("Remove shop-web-1", "shop-web-1 entfernen")]
    [InlineData("Remove the network shop_default on 'node one'", "Auf „node one“: Netzwerk shop_default entfernen")]
    [InlineData("Wait until db is healthy, for web", "Warten, bis db gesund ist, für web")]
    [InlineData("Bring './conf on 'x'' to the node", "„./conf on 'x'“ auf den Node bringen")]
    [InlineData("Remove", "Entfernen")]
    public void Told_StepOfADeployment_HasItsNamesInIt(string said, string expected) =>
        Assert.Equal(expected, In("de", () => Texts.Told(said)));

    [Theory]
    [InlineData(
        "The container shop-web-1 ended with code 3. Revision 4 runs again.",
        "Der Container shop-web-1 endete mit Code 3. Die Revision 4 läuft wieder.")]
    [InlineData(
        "The container shop-web-1 ended with code 3. cache starts all the same: it is not required.",
        "Der Container shop-web-1 endete mit Code 3. cache startet trotzdem: Es ist nicht verlangt.")]
    [InlineData(
        "Files of earlier revisions were left on the node: "
        + "The node 'one' does not answer. Look at its page to see whether it is online, and try again.",
        "Dateien früherer Revisionen blieben auf dem Node: "
        + "Der Node „one“ antwortet nicht. Sehen Sie auf seiner Seite nach, ob er online ist, und versuchen Sie es erneut.")]
    [InlineData("Cancelled by ann. Revision 3 runs again.", "Von ann abgebrochen. Die Revision 3 läuft wieder.")]
    [InlineData(
        "Creating shop-web-1 on 'one' failed: no such image. Nothing was changed.",
        "Erstellen von shop-web-1 auf „one“ ist fehlgeschlagen: no such image. Nichts wurde geändert.")]
    [InlineData("The engine said this. Nothing was changed.", "The engine said this. Nichts wurde geändert.")]
    [InlineData("An engine's word ## and more.", "An engine's word ## and more.")]
    public void Told_SeveralSentences_AreToldOneByOne(string said, string expected) =>
        Assert.Equal(expected, In("de", () => Texts.Told(said)));

    [Theory]
    [InlineData(
        "Acme ID can't be used now. 'https://id.example.com/.well-known/openid-configuration' can't be reached: nobody answers there.",
        "Acme ID kann gerade nicht verwendet werden. „https://id.example.com/.well-known/openid-configuration“ ist nicht erreichbar: "
        + "dort antwortet niemand.")]
    [InlineData(
        "The provider's id token was not accepted: it is not for this sign-in (nonce). Begin again at the sign-in page.",
        "Das ID-Token des Anbieters wurde nicht angenommen: es ist nicht für diese Anmeldung (nonce). Beginnen Sie noch einmal auf der "
        + "Anmeldeseite.")]
    [InlineData(
        "The provider's id token was not accepted: no key of the provider signed it.",
        "Das ID-Token des Anbieters wurde nicht angenommen: Kein Schlüssel des Anbieters hat es signiert.")]
    [InlineData("The provider refused: server_error try later. Or not.", "Der Anbieter hat abgelehnt: server_error try later. Or not.")]
    public void Told_FailureOfASignInByAProvider_IsToldWhole(string said, string expected) =>
        Assert.Equal(expected, In("de", () => Texts.Told(said)));

    [Fact]
    public void Told_InChinese_HasItsNamesInIt() => Assert.Equal(
        "容器 shop-web-1 不健康：no route。修订版本 4 已重新运行。",
        In("zh-Hans", () => Texts.Told("The container shop-web-1 is unhealthy: no route. Revision 4 runs again.")));

    [Theory]
    [InlineData(". ")]
    [InlineData("Creating x on 'y' failed: ")]
    [InlineData("Done, with failures that the file lets be: Going back failed too: a. ")]
    [InlineData("{0} {9} {")]
    public void Told_WhatIsMadeToTakeLong_IsToldSoon(string part)
    {
        var said = string.Concat(Enumerable.Repeat(part, 4000 / part.Length));
        var clock = Stopwatch.StartNew();

        var told = In("de", () => Texts.Told(said));

        Assert.NotEmpty(told);
        Assert.True(clock.Elapsed < TestSettings.Within(TimeSpan.FromSeconds(10)), $"{clock.Elapsed}");
    }

    [Fact]
    public void Told_WhatNobodyWouldSay_IsLeftAsItIs()
    {
        var endless = "There is a role '" + new string('x', 1 << 20);

        Assert.Same(endless, In("de", () => Texts.Told(endless)));
    }

    [Fact]
    public void E_ForAGermanReader_IsEnglishWithPoints() =>
        Assert.Equal("It took 1.5 seconds.", In("de", () => Texts.E("It took {0} seconds.", 1.5)));

    [Theory]
    [InlineData("en", 1, "You have 1 recovery code left.")]
    [InlineData("en", 0, "You have 0 recovery codes left.")]
    [InlineData("de", 1, "Sie haben noch 1 Wiederherstellungscode.")]
    [InlineData("de", 2, "Sie haben noch 2 Wiederherstellungscodes.")]
    [InlineData("zh-Hans", 1, "您还剩 1 个恢复码。")]
    [InlineData("zh-Hans", 7, "您还剩 7 个恢复码。")]
    public void Plural_Count_TakesTheFormOfTheLanguage(string culture, int count, string expected) =>
        Assert.Equal(expected, In(culture, () => Texts.Plural(count, "You have {0} recovery code left.", "You have {0} recovery codes left.")));

    [Theory]
    [InlineData("en", "1.5 GiB", "5.2 %", "2 h 5 min")]
    [InlineData("de", "1,5 GiB", "5,2 %", "2 Std. 5 Min.")]
    [InlineData("zh-Hans", "1.5 GiB", "5.2 %", "2 小时 5 分")]
    public void Units_ForPeople_AreWrittenAsInTheirLanguage(string culture, string bytes, string share, string time)
    {
        Assert.Equal(bytes, In(culture, () => Units.Bytes(1.5 * (1 << 30))));
        Assert.Equal(share, In(culture, () => Units.Percent(0.052)));
        Assert.Equal(time, In(culture, () => Units.Duration(TimeSpan.FromSeconds(7500))));
    }

    [Fact]
    public async Task Meter_InGerman_WritesItsWidthForTheStyleSheetAndItsShareForTheReader()
    {
        var html = await In("de", () => DrawAsync<Meter>(new() { ["Label"] = "CPU", ["Share"] = 0.055 }));

        Assert.Contains("width: 5.5%", html, StringComparison.Ordinal);
        Assert.Contains("aria-valuenow=\"5.5\"", html, StringComparison.Ordinal);
        Assert.Contains("5,5 %", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sparkline_InGerman_DrawsWithPoints()
    {
        var html = await In("de", () => DrawAsync<Sparkline>(new() { ["Label"] = "CPU", ["Values"] = (IReadOnlyList<double>)[0.25, 1.5, 3] }));

        Assert.Contains("L50 20", html, StringComparison.Ordinal);
        Assert.DoesNotContain(",", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sentence_WithElements_PutsThemWhereTheTextSays()
    {
        RenderFragment Said(string text) => builder => builder.AddContent(0, text);

        var html = await DrawAsync<Sentence>(new() { ["Text"] = "{1} <b> {0}, {2}!", ["First"] = Said("one"), ["Second"] = Said("two") });

        Assert.Equal("two &lt;b&gt; one, !", html);
    }

    [Fact]
    public async Task Keep_ToldInAnotherLanguage_SpeaksItsOwn()
    {
        var heard = "";
        var handler = In("de", () => LanguageFlow.Keep(() => heard = Texts.T("Cancel")));

        await Task.Run(() => In("zh-Hans", () =>
        {
            handler();
            return Texts.T("Cancel");
        }));

        Assert.Equal("Abbrechen", heard);
    }

    [Fact]
    public void TheProcess_WhateverTheHostSpeaks_FormatsForPrograms()
    {
        var (culture, shown) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de-DE");
            PortalApplication.FormatForPrograms();

            Assert.Equal("1.5", $"{1.5}");
            Assert.Equal("1.5", In("de", () => $"{1.5}"));
            Assert.Same(Language.English, Language.Current);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, shown);
        }
    }

    private static T In<T>(string culture, Func<T> work)
    {
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            return work();
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static async Task<string> DrawAsync<TComponent>(Dictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
