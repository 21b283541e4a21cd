namespace Portal.Web.Features.Containers.Create;

/// <summary>One variable of the form.</summary>
public sealed class VariableRow
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}
