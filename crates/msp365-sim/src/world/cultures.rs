//! The countries that customers come from. A name whose plain spelling is not itself in small letters carries it
//! after an equals sign.

use super::names::Culture;

/// Each country once.
pub(crate) const CULTURES: [Culture; 12] = [
    Culture {
        country: "GB",
        country_name: "United Kingdom",
        language: "en-GB",
        dialling: "+44",
        legal_form: "Ltd",
        form_leads: false,
        brands: "Harrow Bridge=harrowbridge,Oakfield,St Clement=stclement,Thornbury,Kestrel,\
             Blackwater,Highgate,Whitcombe,Larkspur,Ashdown",
        trades: "Logistics,Dental Care=dental,Engineering,Solicitors=legal,Catering,Property",
        cities: "Leeds,Bristol,York,Bath,Exeter,Norwich",
        given: "Olivia,Harry,Amelia,George,Isla,Noah,Zoë=zoe,Imogen,Callum,Priya,Mohammed,Siân=sian,\
             Rory,Eleanor",
        family: "Smith,Patel,O'Brien=obrien,Hughes,Ashworth,Khan,Fraser,MacLeod,Taylor,Okafor,\
             Bennett,Lloyd-Jones=lloydjones,Whitaker,Singh",
    },
    Culture {
        country: "DE",
        country_name: "Germany",
        language: "de-DE",
        dialling: "+49",
        legal_form: "GmbH",
        form_leads: false,
        brands: "Nordlicht,Weißenstein=weissenstein,Müller & Söhne=muellersoehne,Rheintal,\
             Grünwald=gruenwald,Kranich,Silberbach,Lindenhof,Förster=foerster,Hansekontor",
        trades: "Logistik,Maschinenbau,Steuerberatung,Bäckerei=baeckerei,Medizintechnik,Immobilien",
        cities: "Bremen,Köln=koeln,München=muenchen,Leipzig,Kiel,Düsseldorf=duesseldorf",
        given: "Jürgen=juergen,Anna,Björn=bjoern,Käthe=kaethe,Lukas,Sophie,Günter=guenter,Jana,\
             Matthias,Ayşe=ayse,Heike,Torsten,Zoë=zoe,Emil",
        family: "Müller=mueller,Schäfer=schaefer,Groß=gross,Weber,von der Heide=vonderheide,\
             Köhler=koehler,Yılmaz=yilmaz,Schmidt,Jäger=jaeger,Braun,Lindner,Voß=voss,Hartmann,\
             Krüger=krueger",
    },
    Culture {
        country: "FR",
        country_name: "France",
        language: "fr-FR",
        dialling: "+33",
        legal_form: "SARL",
        form_leads: false,
        brands: "Bellerive,Château Noir=chateaunoir,Élan=elan,Garonne,Lumière=lumiere,\
             Montségur=montsegur,Azur,Forêt Verte=foretverte,Cigale,Saint-Rémy=saintremy",
        trades: "Transports,Architecture,Boulangerie,Conseil,Mécanique=mecanique,Immobilier",
        cities: "Lyon,Nîmes=nimes,Besançon=besancon,Rennes,Orléans=orleans,Pau",
        given: "Chloé=chloe,Élodie=elodie,François=francois,Hélène=helene,Jérôme=jerome,Léa=lea,\
             Noël=noel,Océane=oceane,Rémi=remi,Thibault,Zoé=zoe,Yasmine,Benoît=benoit,Camille",
        family: "Lefèvre=lefevre,Dubois,Gauthier,Béranger=beranger,Moreau,Françoise=francoise,Nguyen,\
             Le Gall=legall,Garçon=garcon,Benali,Chevalier,D'Arcy=darcy,Pélissier=pelissier,Roux",
    },
    Culture {
        country: "SE",
        country_name: "Sweden",
        language: "sv-SE",
        dialling: "+46",
        legal_form: "AB",
        form_leads: false,
        brands: "Björkdal=bjorkdal,Åsgård=asgard,Norrsken,Älvsborg=alvsborg,Östersjön=ostersjon,\
             Granit,Fjällräv=fjallrav,Mälaren=malaren,Tre Ekar=treekar,Havsvik",
        trades: "Bygg,Transport,Konsult,Vård=vard,Teknik,Fastigheter",
        cities: "Malmö=malmo,Umeå=umea,Örebro=orebro,Gävle=gavle,Lund,Växjö=vaxjo",
        given: "Åsa=asa,Björn=bjorn,Gösta=gosta,Märta=marta,Linnéa=linnea,Oskar,Elsa,Håkan=hakan,\
             Ebba,Fatima,Nils,Sören=soren,Maja,Axel",
        family: "Åkesson=akesson,Lindström=lindstrom,Sjögren=sjogren,Berg,Öberg=oberg,\
             Nyström=nystrom,Hansson,Ahmadi,Ekström=ekstrom,Dahl,Ljungqvist,Åberg=aberg,Holm,\
             Wallin",
    },
    Culture {
        country: "PL",
        country_name: "Poland",
        language: "pl-PL",
        dialling: "+48",
        legal_form: "Sp. z o.o.",
        form_leads: false,
        brands: "Bursztyn,Żubr=zubr,Złoty Róg=zlotyrog,Wisła=wisla,Śnieżka=sniezka,Łąka=laka,\
             Orzeł=orzel,Jaskółka=jaskolka,Mazury,Kamień=kamien",
        trades: "Transport,Budownictwo,Księgowość=ksiegowosc,Piekarnia,Meble,Doradztwo",
        cities: "Kraków=krakow,Łódź=lodz,Gdańsk=gdansk,Poznań=poznan,Lublin,Toruń=torun",
        given: "Łukasz=lukasz,Małgorzata=malgorzata,Paweł=pawel,Żaneta=zaneta,Agnieszka,\
             Michał=michal,Zofia,Bożena=bozena,Rafał=rafal,Święta=swieta,Kasia,Jędrzej=jedrzej,\
             Ola,Witold",
        family: "Wiśniewski=wisniewski,Wójcik=wojcik,Kowalczyk,Zając=zajac,Łuczak=luczak,\
             Dąbrowska=dabrowska,Nowak,Żukowski=zukowski,Sikorska,Kozłowski=kozlowski,\
             Górski=gorski,Mróz=mroz,Pająk=pajak,Brzęczyszczykiewicz=brzeczyszczykiewicz",
    },
    Culture {
        country: "CZ",
        country_name: "Czechia",
        language: "cs-CZ",
        dialling: "+420",
        legal_form: "s.r.o.",
        form_leads: false,
        brands: "Modrá Hvězda=modrahvezda,Vltava,Křišťál=kristal,Jeřáb=jerab,Šumava=sumava,\
             Dvořák=dvorak,Zlatá Lípa=zlatalipa,Řeka=reka,Beskyd,Sokol",
        trades: "Doprava,Strojírny=strojirny,Účetnictví=ucetnictvi,Pekárna=pekarna,Reality,Stavby",
        cities: "Brno,Plzeň=plzen,Ostrava,Liberec,Kladno,Zlín=zlin",
        given: "Jiří=jiri,Růžena=ruzena,Tomáš=tomas,Zdeňka=zdenka,Ondřej=ondrej,Věra=vera,\
             Šárka=sarka,Lukáš=lukas,Anežka=anezka,Přemysl=premysl,Jana,Matěj=matej,\
             Eliška=eliska,Bohumil",
        family: "Dvořák=dvorak,Novotný=novotny,Černá=cerna,Růžička=ruzicka,Šťastný=stastny,\
             Kučera=kucera,Procházková=prochazkova,Svoboda,Říha=riha,Žák=zak,Beneš=benes,\
             Pokorná=pokorna,Marek,Vávra=vavra",
    },
    Culture {
        country: "NL",
        country_name: "Netherlands",
        language: "nl-NL",
        dialling: "+31",
        legal_form: "B.V.",
        form_leads: false,
        brands: "De Zwaan=dezwaan,Duinrand,Molenaar,Polderland,Van Rijn=vanrijn,Tulpenhof,IJsselmeer,\
             Koraal,Oranjeveld,Zeewolf",
        trades: "Transport,Accountants,Bouw,Zorg,Installatie,Makelaardij",
        cities: "Utrecht,Zwolle,Breda,Leiden,Haarlem,Delft",
        given: "Sanne,Jeroen,Noëlle=noelle,Daan,Fenna,Thijs,Loes,Renée=renee,Sjoerd,Bram,Eline,Mo,\
             Joris,Anouk",
        family: "de Vries=devries,van den Berg=vandenberg,Jansen,Bakker,'t Hart=thart,Visser,Mulder,\
             van Dijk=vandijk,Smeets,Özdemir=ozdemir,Hoekstra,Kuipers,Prins,Dekker",
    },
    Culture {
        country: "ES",
        country_name: "Spain",
        language: "es-ES",
        dialling: "+34",
        legal_form: "S.L.",
        form_leads: false,
        brands: "Peñalba=penalba,Río Claro=rioclaro,Alcázar=alcazar,Sierra Nevada=sierranevada,\
             Castaño=castano,Azahar,Montañés=montanes,Lucero,Costa Brava=costabrava,Álamo=alamo",
        trades: "Transportes,Asesoría=asesoria,Construcciones,Clínica=clinica,Bodegas,Inmobiliaria",
        cities: "Sevilla,León=leon,Málaga=malaga,Gijón=gijon,Cádiz=cadiz,Burgos",
        given: "José=jose,María=maria,Íñigo=inigo,Begoña=begona,Ángel=angel,Nuria,Sofía=sofia,\
             Raúl=raul,Inés=ines,Martín=martin,Lucía=lucia,Óscar=oscar,Pilar,Adrián=adrian",
        family: "García=garcia,Núñez=nunez,Ibáñez=ibanez,Muñoz=munoz,Fernández=fernandez,Peña=pena,\
             Romero,Gutiérrez=gutierrez,Sáez=saez,Vidal,Cañizares=canizares,Ruiz,Ordóñez=ordonez,\
             Blasco",
    },
    Culture {
        country: "JP",
        country_name: "Japan",
        language: "ja-JP",
        dialling: "+81",
        legal_form: "株式会社",
        form_leads: true,
        brands: "さくら=sakura,富士見=fujimi,青空=aozora,みどり=midori,山本=yamamoto,東海=tokai,星野=hoshino,\
             水無月=minazuki,北斗=hokuto,若葉=wakaba",
        trades: "商事=shoji,建設=kensetsu,物流=butsuryu,設計=sekkei,食品=shokuhin,不動産=fudosan",
        cities: "札幌=sapporo,仙台=sendai,京都=kyoto,神戸=kobe,福岡=fukuoka,長野=nagano",
        given: "陽菜=hina,蓮=ren,美咲=misaki,大翔=hiroto,結衣=yui,健太=kenta,さくら=sakura,翔太=shota,葵=aoi,\
             直樹=naoki,恵子=keiko,亮=ryo,真由美=mayumi,誠=makoto",
        family: "佐藤=sato,鈴木=suzuki,高橋=takahashi,田中=tanaka,伊藤=ito,渡辺=watanabe,山本=yamamoto,中村=nakamura,\
             小林=kobayashi,加藤=kato,吉田=yoshida,山田=yamada,佐々木=sasaki,斎藤=saito",
    },
    Culture {
        country: "GR",
        country_name: "Greece",
        language: "el-GR",
        dialling: "+30",
        legal_form: "Α.Ε.",
        form_leads: false,
        brands: "Αιγαίο=aigaio,Όλυμπος=olympos,Ήλιος=ilios,Ελιά=elia,Φάρος=faros,Κύμα=kyma,\
             Δελφίνι=delfini,Πήγασος=pigasos,Αθηνά=athina,Λίμνη=limni",
        trades: "Ναυτιλιακή=naftiliaki,Τεχνική=techniki,Τρόφιμα=trofima,Συμβουλευτική=symvouleftiki,\
             Μεταφορές=metafores,Ακίνητα=akinita",
        cities: "Πάτρα=patra,Βόλος=volos,Χανιά=chania,Λάρισα=larisa,Καβάλα=kavala,Ρόδος=rodos",
        given: "Γιώργος=giorgos,Ελένη=eleni,Νίκος=nikos,Σοφία=sofia,Δημήτρης=dimitris,\
             Κατερίνα=katerina,Χρήστος=christos,Βασιλική=vasiliki,Πάνος=panos,Ιωάννα=ioanna,\
             Θάνος=thanos,Ζωή=zoi,Στέλιος=stelios,Μαρία=maria",
        family: "Παπαδόπουλος=papadopoulos,Νικολάου=nikolaou,Γεωργίου=georgiou,Οικονόμου=oikonomou,\
             Δήμου=dimou,Κωνσταντίνου=konstantinou,Βλάχος=vlachos,Ζαφειρίου=zafeiriou,\
             Αλεξίου=alexiou,Ράπτης=raptis,Σταύρου=stavrou,Χατζής=chatzis,Μάνος=manos,\
             Καραγιάννη=karagianni",
    },
    Culture {
        country: "DK",
        country_name: "Denmark",
        language: "da-DK",
        dialling: "+45",
        legal_form: "ApS",
        form_leads: false,
        brands: "Søbred=sobred,Kystvejen,Ærø=aero,Fjordbo,Rødkilde=rodkilde,Strandgård=strandgaard,\
             Hvidovre,Bøgelund=bogelund,Nordhavn,Tårnby=taarnby",
        trades: "Transport,Byg,Revision,Tandlæger=tandlaeger,Energi,Ejendomme",
        cities: "Aarhus,Odense,Aalborg,Køge=koge,Vejle,Ribe",
        given: "Søren=soren,Mette,Bjørn=bjorn,Åse=aase,Freja,Lærke=laerke,Jesper,Signe,Rasmus,Gurli,\
             Mads,Ida,Jørgen=jorgen,Amira",
        family: "Sørensen=sorensen,Jensen,Kjær=kjaer,Østergaard=ostergaard,Møller=moller,Lund,\
             Bæk=baek,Rasmussen,Holst,Ågård=aagaard,Thomsen,Friis,Skov,Hussain",
    },
    Culture {
        country: "US",
        country_name: "United States",
        language: "en-US",
        dialling: "+1",
        legal_form: "LLC",
        form_leads: false,
        brands: "Cedar Ridge=cedarridge,Bluebonnet,Lone Pine=lonepine,Prairie Star=prairiestar,\
             Redstone,Sunset Bay=sunsetbay,Granite Peak=granitepeak,Magnolia,Copperline,\
             Harbor View=harborview",
        trades: "Freight,Family Dental=dental,Builders,Law Group=law,Foods,Realty",
        cities: "Austin,Boise,Tulsa,Omaha,Reno,Tampa",
        given: "Emma,Liam,José=jose,Ava,Ethan,Mia,DeShawn,Sofía=sofia,Logan,Chloe,Wei,Grace,Mateo,\
             Brooklyn",
        family: "Johnson,Garcia,O'Connor=oconnor,Lee,Washington,Nguyen,Miller,Rodriguez,\
             St. John=stjohn,Cohen,Kim,Begay,Carter,Van Houten=vanhouten",
    },
];
