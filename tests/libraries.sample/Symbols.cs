using System.Reflection.Metadata;
using System.Text;

// Prints what a debugger finds in portable symbols, see tests/libraries: a line for each source file, with its name and "embedded" or "absent", and the map of
// SourceLink, if there is one.

Guid embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
Guid sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

using var provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(args[0]));
MetadataReader symbols = provider.GetMetadataReader();
foreach (DocumentHandle handle in symbols.Documents)
{
    bool isEmbedded = Kinds(symbols.GetCustomDebugInformation(handle)).Any(information => information.Kind == embeddedSource);
    Console.WriteLine($"{symbols.GetString(symbols.GetDocument(handle).Name)} {(isEmbedded ? "embedded" : "absent")}");
}

foreach ((Guid kind, BlobHandle value) in Kinds(symbols.GetCustomDebugInformation(EntityHandle.ModuleDefinition)))
    if (kind == sourceLink) Console.WriteLine($"SourceLink {Encoding.UTF8.GetString(symbols.GetBlobBytes(value))}");

IEnumerable<(Guid Kind, BlobHandle Value)> Kinds(CustomDebugInformationHandleCollection handles) =>
    handles.Select(symbols.GetCustomDebugInformation).Select(information => (symbols.GetGuid(information.Kind), information.Value));
