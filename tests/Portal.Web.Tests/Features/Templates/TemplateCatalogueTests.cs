using System.Globalization;
using Portal.Compose.Planning;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Features.Templates;

namespace Portal.Web.Tests.Features.Templates;

/// <summary>The templates that come with the portal, and the answers to their questions.</summary>
public sealed class TemplateCatalogueTests
{
    public static TheoryData<string> Ids => [.. TemplateCatalogue.Shipped.Select(entry => entry.Id)];

    [Fact]
    public void All_Shipped_AreADozenAtLeastAndSayWhatTheyAre()
    {
        Assert.InRange(TemplateCatalogue.Shipped.Count, 12, 100);
        Assert.Equal(TemplateCatalogue.Shipped.Count, TemplateCatalogue.Shipped.DistinctBy(entry => entry.Template.Title).Count());
        Assert.All(TemplateCatalogue.Shipped, entry =>
        {
            Assert.NotEmpty(entry.Template.Category);
            Assert.NotEmpty(entry.Template.Description);
            Assert.StartsWith("https://", entry.Template.Link, StringComparison.Ordinal);
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Shipped_AsItIsOffered_IsRightAndPlanned(string id)
    {
        var template = TemplateCatalogue.Shipped.Single(entry => entry.Id == id).Template;
        var form = new TemplateForm(template);

        Assert.True(form.Check(), string.Join("; ", form.Fields.Select(field => $"{field.Variable.Name}: {field.Error}")));
        var (values, wrong) = StackValues.Apply(new Dictionary<string, string>(), form.ToValues());
        Assert.Null(wrong);
        var check = StackCheck.Of("it", StackFileSet.Of(template.Text), values!, new Portal.Data.Entities.Stacks.Stack(), null);

        Assert.Empty(check.Problems);
        var made = check.Plan!.Steps.Where(step => step.Subject == PlanSubject.Container).ToList();
        Assert.NotEmpty(made);
        Assert.All(made, step => Assert.Equal(PlanAction.Create, step.Action));

        // A question whose answer goes nowhere is none, and whoever is asked for nothing can't answer.
        Assert.All(template.Variables, variable => Assert.Contains($"${{{variable.Name}}}", template.Text, StringComparison.Ordinal));
        Assert.All(template.Variables.Where(variable => variable.IsSecret), variable => Assert.True(variable.Generate >= 24));
    }

    [Fact]
    public void Check_WrongAnswersInGerman_SaysWhyInGerman()
    {
        var form = new TemplateForm(TemplateCatalogue.Shipped.Single(entry => entry.Id == "postgres").Template);
        var needed = form.Fields.First(field => field.Variable.IsRequired);
        var told = new List<string?>();
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
        foreach (var answer in new[] { "", new string('a', 5000), "two\nlines" })
        {
            needed.Value = answer;
            Assert.False(form.Check());
            told.Add(needed.Error);
        }

        CultureInfo.CurrentUICulture = before;
        Assert.Equal(["Das wird benötigt.", "Höchstens 4.096 Zeichen.", "Eine Zeile, ohne Steuerzeichen."], told);
    }

    [Fact]
    public void Told_ForAGermanReader_IsGermanWhereThePortalWroteIt()
    {
        var shipped = TemplateCatalogue.Shipped.Single(entry => entry.Id == "postgres");
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
        var (own, other) = (shipped.Told(), (shipped with { Catalogue = "ours" }).Told());
        CultureInfo.CurrentUICulture = before;

        Assert.Equal(("PostgreSQL", "Datenbanken", "Datenbank"),
            (own.Template.Title, own.Template.Category, own.Template.Variables.Single(variable => variable.Name == "POSTGRES_DB").Label));
        Assert.True(own.Matches("relationale"));
        Assert.Equal(shipped.Template.Text, own.Template.Text);
        Assert.Equal("Databases", other.Template.Category);
    }

    [Fact]
    public void Secrets_AreMadeUpAnewEachTime()
    {
        var template = TemplateCatalogue.Shipped.Single(entry => entry.Id == "garage").Template;
        var (one, other) = (new TemplateForm(template), new TemplateForm(template));

        var secrets = one.Fields.Zip(other.Fields).Where(pair => pair.First.Variable.Generate > 0).ToList();

        Assert.Equal(2, secrets.Count);
        Assert.All(secrets, pair => Assert.NotEqual(pair.First.Value, pair.Second.Value));
        Assert.Matches("^[0-9a-f]{64}$", one.Fields.Single(field => field.Variable.IsHex).Value);
    }

    [Fact]
    public void Answers_ThatWouldBeLinesOfTheirOwn_AreRefused()
    {
        var form = new TemplateForm(TemplateCatalogue.Shipped.Single(entry => entry.Id == "postgres").Template);
        form.Fields[1].Value = "app\nPOSTGRES_PASSWORD=known";

        Assert.False(form.Check());
        Assert.NotNull(form.Fields[1].Error);
    }

    [Fact]
    public void Matches_Words_AreLookedForInAllThatItSays()
    {
        var postgres = TemplateCatalogue.Shipped.Single(entry => entry.Id == "postgres");

        Assert.True(postgres.Matches("DATA relational"));
        Assert.True(postgres.Matches(""));
        Assert.False(postgres.Matches("postgresql blog"));
    }
}
