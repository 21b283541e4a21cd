namespace Portal.Compose.Shapes;

/// <summary>How a value is written.</summary>
internal enum ShapeForm
{
    /// <summary>Behind its key.</summary>
    Value,

    /// <summary>As names with values, below its key.</summary>
    Mapping,

    /// <summary>As items, below its key.</summary>
    List,
}
